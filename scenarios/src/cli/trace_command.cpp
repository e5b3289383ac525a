#include "scenarios/src/data/trace_command.hpp"

#include <fmt/format.h>

#include <memory>

#include "models/printable.hpp"
#include "netem/files/recorded_trace.hpp"
#include "scenarios/src/cli/arguments.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

int print_trace(const TraceArguments& arguments) {
  const TraceText trace = converted_trace(arguments);
  if (!trace.error.empty()) return complain(exit_wrong_use, trace.error);
  if (!trace.note.empty()) say(printable(trace.note, kLongestComplaint));
  print_result(trace.text);
  return exit_done;
}

std::string format_list() {
  std::string text = "Formats:";
  for (const RecordedFormat& format : recorded_formats())
    text += fmt::format("\n  {:<14}{}", format.name, format.summary);
  return text + "\n\n";
}

}  // namespace

SubCommand add_trace_command(const Program& program) {
  const auto arguments = std::make_shared<TraceArguments>();
  CLI::App* command =
      program.app.add_subcommand("trace", "print a trace for [[network.traces]] from another program's log");
  command->footer(format_list() + examples({"trace mahimahi verizon.up --direction up --bin 500ms > trace.csv",
                                            "trace phone-log bus.log --nodes 0,3-5 > trace.csv"}));
  command->add_option("format", arguments->format, "what the file is; see below")->required();
  command->add_option("file", arguments->file, "the log")->required()->type_name("FILE");
  command->add_option("--nodes", arguments->nodes, "whose rates these are: 0,3 or 0-5 (everyone's)");
  command->add_option("--direction", arguments->direction, "up, down or both")->capture_default_str();
  add_duration(*command, "--bin", arguments->bin, "of mahimahi: bytes are counted in stretches of about so long (1s)",
               {kShortestBin});
  return {command, [arguments] { return print_trace(*arguments); }};
}

}  // namespace tardigrad
