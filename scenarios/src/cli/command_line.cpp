#include "scenarios/src/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "models/kernels/isa.hpp"
#include "models/printable.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/system/build_info.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/command_text.hpp"

namespace tardigrad {

namespace {

/// In the order in which help lists them.
constexpr SubCommand (*kSubCommands[])(const Program&) = {
    add_init_command,         add_run_command,    add_sweep_command,   add_host_command,      add_check_command,
    add_netcheck_command,     add_report_command, add_star_command,    add_trace_command,     add_data_command,
    add_module_trial_command, add_list_command,   add_explain_command, add_reference_command, add_completion_command,
    add_man_command,          add_help_command,
};

void set_up(CLI::App& app, const std::vector<std::string>& words) {
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  app.formatter(std::make_shared<PlainHelp>());
  app.footer(examples({"run scenarios/quickstart.toml", "check scenarios/quickstart.toml", "list algorithms",
                       "help run                              # or run --help"}));
  app.failure_message([&app, words](const CLI::App*, const CLI::Error& error) {
    std::string problem = unknown_word(app, words);
    if (problem.empty()) problem = missing_value(app);
    if (problem.empty()) problem = error.what();
    return fmt::format("tardigrad: {} (see tardigrad --help)\n", printable(problem, kLongestComplaint));
  });
}

/// Prints the help or version that was asked for, or the mistake.
int answer(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream results;
  std::ostringstream complaint;
  const bool is_help = app.exit(error, results, complaint) == 0;
  print_result(results.str());
  say_on(stderr, complaint.str());
  return is_help ? exit_done : exit_wrong_use;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  if (!isa_choice().error.empty()) return complain(exit_wrong_use, isa_choice().error);
  CLI::App app("tardigrad: which decentralized learning algorithm reaches the target first, and why", "tardigrad");
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  set_up(app, words);
  std::vector<SubCommand> commands;
  for (const auto add : kSubCommands) commands.push_back(add({app, command_text(argc, argv)}));
  try {
    app.parse(last_first(words));
  } catch (const CLI::ParseError& error) {
    return answer(app, error);
  }
  const std::string missing = missing_value(app);
  if (!missing.empty()) return complain(exit_wrong_use, missing);
  const auto typed =
      std::find_if(commands.begin(), commands.end(), [](const SubCommand& command) { return command.app->parsed(); });
  return typed->act();
}

}  // namespace tardigrad
