#include "scenarios/src/cli/report_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "models/printable.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/drawing/cairo_drawing.hpp"
#include "scenarios/src/drawing/length_text.hpp"
#include "scenarios/src/figures/figures.hpp"
#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/report_html.hpp"
#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/results/sweep_folder.hpp"
#include "scenarios/src/run/figure_folder.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

/// In points: of a small picture in the text, and of a poster.
constexpr double kNarrowest = 1.5 * 72;
constexpr double kWidest = 40.0 * 72;

struct ReportArguments {
  std::vector<std::string> folders;
  std::string out;
  std::string figures;
  std::string width = "3.3in";  // of a column
};

struct ReadRuns {
  std::vector<RunFolder> runs;
  std::string error;
};

/// A sweep's folder is all of its points'.
ReadRuns read_runs(const std::vector<fs::path>& folders) {
  ReadRuns all;
  for (const fs::path& results : folders) {
    for (const fs::path& folder : run_folders_of(results)) {
      auto read = read_run_folder(folder.string());
      if (!read.error.empty()) return {{}, read.error};
      all.runs.push_back(std::move(*read.folder));
    }
  }
  return all;
}

int write_report(const std::vector<RunFolder>& runs, const fs::path& out) {
  std::string problem = write_file(out / "comparison.csv", comparison_csv(runs));
  if (problem.empty()) problem = write_file(out / statistics_column_texts().file, statistics_csv(runs));
  if (problem.empty()) problem = write_file(out / "report.html", report_html(runs));
  if (!problem.empty()) return complain(exit_failed, problem);
  print_result("\n{}\nreport: {}\n", comparison_table(runs, isatty(STDOUT_FILENO) != 0),
               (out / "report.html").string());
  return exit_done;
}

int write_figures_to(const fs::path& folder, const PaperFigures& figures) {
  const std::string problem = write_figures(figures, folder);
  if (!problem.empty()) return complain(exit_failed, problem);
  print_result("figures: {}\n", folder.string());
  return exit_done;
}

bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code unknown;
  return fs::weakly_canonical(fs::absolute(a, unknown), unknown) ==
         fs::weakly_canonical(fs::absolute(b, unknown), unknown);
}

/// Why figures may not be written there; empty if they may.
std::string objection_to(const fs::path& figures, const std::optional<double>& width, const std::string& width_text) {
  if (!width || *width < kNarrowest || *width > kWidest) {
    return fmt::format("--width is '{}', expected 1.5in to 40in, such as 3.3in, 84mm, 8.4cm or 240pt",
                       printable(width_text));
  }
  const std::string objection = objection_to_figures(figures);
  return objection.empty() ? objection_to_holding(figures) : objection;
}

/// Table and report, and figures if there are any, into folders that are both held before anything is written.
int write_all(const std::vector<RunFolder>& runs, const PaperFigures& figures, const fs::path& place,
              const fs::path& figure_folder) {
  const HeldFolderResult held = hold_folder(place);
  if (!held.folder) return complain(exit_failed, held.error);
  if (figures.figures.empty()) return write_report(runs, place);
  const HeldFolderResult held_too = is_same(place, figure_folder) ? held : hold_folder(figure_folder);
  if (!held_too.folder) return complain(exit_failed, held_too.error);
  const int code = write_report(runs, place);
  return code == exit_done ? write_figures_to(figure_folder, figures) : code;
}

/// A program at work in a folder writes the table and report itself.
int report(const ReportArguments& arguments) {
  const fs::path place = arguments.out.empty() ? arguments.folders.front() : arguments.out;
  const bool draws = !arguments.figures.empty();
  const std::optional<double> width = parse_length(arguments.width);
  std::string objection = objection_to_holding(place);
  if (objection.empty() && draws) objection = objection_to(arguments.figures, width, arguments.width);
  if (!objection.empty()) return complain(exit_wrong_use, objection);
  // before a folder is made for unreadable results
  const ReadRuns read = read_runs({arguments.folders.begin(), arguments.folders.end()});
  if (!read.error.empty()) return complain(exit_wrong_use, read.error);
  const PaperFigures figures = draws ? paper_figures(read.runs, {*width, cairo_text_width()}) : PaperFigures();
  if (draws && figures.figures.empty()) {
    return complain(exit_failed,
                    fmt::format("{}: nothing can be drawn: no accuracy or loss was measured", read.runs.front().path));
  }
  return write_all(read.runs, figures, place, arguments.figures);
}

}  // namespace

int report_on(const std::vector<fs::path>& folders, const fs::path& out) {
  const ReadRuns read = read_runs(folders);
  return read.error.empty() ? write_report(read.runs, out) : complain(exit_failed, read.error);
}

SubCommand add_report_command(const Program& program) {
  const auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command =
      program.app.add_subcommand("report", "table and report.html from finished runs, and figures for a paper");
  command->footer(examples({"report results/quickstart", "report results/quickstart results/30Mbps --out results/both",
                            "report results/quickstart --figures figures"}));
  command->add_option("folders", arguments->folders, "result folders, of runs and sweeps")
      ->required()
      ->type_name("FOLDER");
  command->add_option("--out", arguments->out, "folder for comparison.csv and report.html (the first one)")
      ->type_name("FOLDER");
  CLI::Option* const figures =
      command->add_option("--figures", arguments->figures, "folder for figures in SVG and PDF, and their numbers")
          ->type_name("FOLDER");
  command->add_option("--width", arguments->width, fmt::format("of figures ({})", arguments->width))
      ->needs(figures)
      ->type_name("LENGTH");
  return {command, [arguments] { return report(*arguments); }};
}

}  // namespace tardigrad
