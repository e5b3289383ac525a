#include "scenarios/src/cli/report_command.hpp"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/report_html.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

struct ReportArguments {
  std::vector<std::string> folders;
  std::string out;
};

/// A program at work in a folder writes the table and report itself.
int report(const ReportArguments& arguments) {
  const fs::path place = arguments.out.empty() ? arguments.folders.front() : arguments.out;
  const std::string objection = objection_to_holding(place);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  for (const std::string& folder : arguments.folders) {
    // before a folder is made for unreadable results
    const auto read = read_run_folder(folder);
    if (!read.error.empty()) return complain(exit_failed, read.error);
  }
  const HeldFolderResult held = hold_folder(place);
  if (!held.folder) return complain(exit_failed, held.error);
  return report_on({arguments.folders.begin(), arguments.folders.end()}, place);
}

}  // namespace

int report_on(const std::vector<fs::path>& folders, const fs::path& out) {
  std::vector<RunFolder> runs;
  for (const fs::path& folder : folders) {
    auto read = read_run_folder(folder.string());
    if (!read.error.empty()) return complain(exit_failed, read.error);
    runs.push_back(std::move(*read.folder));
  }
  std::string problem = write_file(out / "comparison.csv", comparison_csv(runs));
  if (problem.empty()) problem = write_file(out / "report.html", report_html(runs));
  if (!problem.empty()) return complain(exit_failed, problem);
  print_result("\n{}\nreport: {}\n", comparison_table(runs, isatty(STDOUT_FILENO) != 0),
               (out / "report.html").string());
  return exit_done;
}

SubCommand add_report_command(const Program& program) {
  const auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = program.app.add_subcommand("report", "table and report.html from finished runs");
  command->footer(
      examples({"report results/quickstart", "report results/quickstart results/30Mbps --out results/both"}));
  command->add_option("folders", arguments->folders, "result folders")->required()->type_name("FOLDER");
  command->add_option("--out", arguments->out, "folder for comparison.csv and report.html (the first one)")
      ->type_name("FOLDER");
  return {command, [arguments] { return report(*arguments); }};
}

}  // namespace tardigrad
