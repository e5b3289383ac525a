#include "scenarios/src/run/sweep.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/report_html.hpp"
#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/sweep_plan.hpp"
#include "scenarios/src/run/sweep_runs.hpp"
#include "scenarios/src/run/tuned_sweep.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

std::string make_plan(const SweepSettings& settings, SweepPlan& plan) {
  if (settings.sets.empty()) return "nothing to sweep over: expected --set KEY=VALUE,VALUE";
  const SweepAxesResult parsed = parse_sweep_axes(settings.sets);
  if (!parsed.error.empty()) return parsed.error;
  plan.axes = telling_axes(parsed.axes);
  for (SweepPoint& point : sweep_points(parsed.axes)) {
    const std::string problem = plan_point(settings, std::move(point), {}, plan);
    if (!problem.empty()) return problem;
  }
  const std::string& name = plan.points.front().scenario.name;
  plan.folder = settings.out.empty() ? fs::path("results") / (name + "-sweep") : settings.out;
  std::vector<std::string> keys;
  for (const SweepAxis& axis : plan.axes) keys.push_back(axis.key);
  plan.title = fmt::format("{} by {}", name, fmt::join(keys, ", "));
  return objection_to_sweep_folder(settings, plan.folder);
}

/// A sweep's runs and what is made of their results.
class Sweep {
 public:
  Sweep(const SweepSettings& settings, const SweepPlan& plan)
      : settings_(settings), plan_(plan), runs_(settings, plan, [this] { write_csv(); }) {}

  SweepOutcome execute() {
    std::string problem = runs_.begin();
    if (problem.empty()) problem = write_csv();
    if (!problem.empty()) return {exit_failed, problem};
    runs_.run_all();
    problem = report();
    if (!problem.empty()) return {exit_failed, problem};
    return runs_.outcome();
  }

 private:
  /// While runs go on a failure is not told: a lasting one is reported at the end.
  std::string write_csv() const {
    const std::string problem = write_file(plan_.folder / statistics_column_texts().file,
                                           statistics_csv(runs_.finished_folders(), runs_.columns()));
    return problem.empty()
               ? write_file(plan_.folder / "sweep.csv", comparison_csv(runs_.finished_folders(), runs_.columns()))
               : problem;
  }

  /// Table and report; returns one line on failure.
  std::string report() const {
    const std::vector<RunFolder> folders = runs_.finished_folders();
    std::string problem = write_csv();
    if (problem.empty()) problem = runs_.write_curves();
    if (!problem.empty() || folders.empty()) return problem;
    const fs::path page = plan_.folder / "report.html";
    problem = write_file(page, report_html(folders, plan_.title, runs_.reserve()));
    if (!problem.empty()) return problem;
    if (settings_.inside) {
      say(fmt::format("report: {}", page.string()));  // the table is that of the sweep around it
      return "";
    }
    print_result("\n{}\nreport: {}\n",
                 comparison_table(folders, isatty(STDOUT_FILENO) != 0, runs_.columns(), runs_.reserve()),
                 page.string());
    return "";
  }

  const SweepSettings& settings_;
  const SweepPlan& plan_;
  SweepRuns runs_;
};

}  // namespace

SweepOutcome run_sweep(const SweepSettings& settings) {
  if (!settings.best_of.empty()) return run_tuned_sweep(settings);
  SweepPlan plan;
  std::string problem = make_plan(settings, plan);
  if (!problem.empty()) return {exit_wrong_use, problem};
  const HeldFolderResult held = hold_folder(plan.folder);
  if (!held.folder) return {exit_wrong_use, held.error};
  problem = look_into_folders(settings, plan);
  if (!problem.empty()) return {exit_wrong_use, problem};
  return Sweep(settings, plan).execute();
}

}  // namespace tardigrad
