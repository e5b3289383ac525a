#include "scenarios/src/run/tuned_sweep.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "models/printable.hpp"
#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/report_html.hpp"
#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/sweep_plan.hpp"
#include "scenarios/src/run/sweep_runs.hpp"
#include "scenarios/src/run/tuning.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

/// An algorithm's best value in one group of points.
struct Choice {
  std::size_t group = 0;
  std::string algorithm;
  std::string label;  ///< "divshare (learning_rate=0.1)"
  bool is_at_edge = false;
};

class TunedSweep {
 public:
  explicit TunedSweep(const SweepSettings& settings) : settings_(settings) {}

  /// Returns one line, and has changed nothing, if the settings are wrong.
  std::string prepare() {
    SweepAxesResult parsed = parse_sweep_axes(settings_.sets);
    if (!parsed.error.empty()) return parsed.error;
    axes_ = std::move(parsed.axes);
    split_ = split_axes(axes_, settings_.best_of);
    points_ = sweep_points(axes_);
    groups_ = tuning_groups(axes_, split_);
    std::vector<std::string> overrides = points_.front().overrides;
    if (!settings_.seeds.empty()) overrides.push_back(fmt::format("seeds=[{}]", fmt::join(settings_.seeds, ",")));
    ScenarioResult loaded = load_scenario(settings_.scenario, overrides);
    if (!loaded.scenario) return loaded.error;
    scenario_ = std::move(*loaded.scenario);
    folder_ = settings_.out.empty() ? fs::path("results") / (scenario_.name + "-sweep") : settings_.out;
    const std::string objection =
        objection_to_tuning(axes_, settings_.best_of, settings_.tuning_seeds, scenario_.seeds);
    return objection.empty() ? objection_to_sweep_folder(settings_, folder_) : objection;
  }

  SweepOutcome execute() {
    const HeldFolderResult held = hold_folder(folder_);
    if (!held.folder) return {exit_wrong_use, held.error};
    const SweepOutcome tuned = tune();
    if (tuned.code != exit_done) return tuned;
    std::string problem = choose();
    if (problem.empty()) problem = look_into_folders(settings_, plan_);
    if (!problem.empty()) return {exit_wrong_use, problem};
    SweepRuns runs(settings_, plan_, [] {});
    problem = runs.begin();
    if (!problem.empty()) return {exit_failed, problem};
    runs.run_all();
    problem = report(runs);
    return problem.empty() ? runs.outcome() : SweepOutcome{exit_failed, problem};
  }

 private:
  SweepOutcome tune() const {
    SweepSettings tuning = settings_;
    tuning.seeds = settings_.tuning_seeds;
    tuning.out = folder_ / kTuningFolder;
    tuning.best_of.clear();
    tuning.inside = true;
    const SweepOutcome outcome = run_sweep(tuning);
    std::error_code not_empty;
    if (outcome.code == exit_wrong_use) fs::remove(folder_, not_empty);
    return outcome;
  }

  /// Reads what was tuned, and plans the runs that are reported; returns one line on failure.
  std::string choose() {
    for (const SweepPoint& point : points_) {
      RunFolderResult read = read_run_folder(folder_ / kTuningFolder / point.name);
      if (!read.folder) return read.error;
      tuned_.push_back(std::move(*read.folder));
    }
    plan_.folder = folder_;
    plan_.axes = telling_axes(axes_);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      for (const AlgorithmSection& section : scenario_.algorithms) {
        const std::string problem = plan_best(group, section.name);
        if (!problem.empty()) return problem;
      }
    }
    return {};
  }

  std::string plan_best(std::size_t group, const std::string& algorithm) {
    const std::vector<std::size_t>& candidates = groups_[group].points;
    std::vector<RunFolder> folders;
    for (const std::size_t point : candidates) folders.push_back(tuned_[point]);
    const std::size_t best = candidates[best_folder(folders, algorithm)];
    choices_.push_back({group, algorithm, fmt::format("{} ({})", algorithm, tuned_values(axes_, split_, best)),
                        is_at_edge(axes_, split_, best)});
    SweepPoint point = points_[best];
    point.name = fmt::format("{},{}", algorithm, point.name);
    return plan_point(settings_, std::move(point), {algorithm}, plan_);
  }

  /// The reported runs of each group as one folder, whose algorithms say at which value they ran.
  std::vector<RunFolder> merged(const SweepRuns& runs) const {
    std::vector<RunFolder> folders;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      std::optional<RunFolder> whole;
      for (std::size_t i = 0; i < choices_.size(); ++i) {
        if (choices_[i].group == group && runs.results()[i]) add(*runs.results()[i], choices_[i], whole);
      }
      if (!whole) continue;
      whole->path = printable((folder_ / groups_[group].name).string());
      std::sort(whole->algorithms.begin(), whole->algorithms.end(),
                [](const AlgorithmRuns& a, const AlgorithmRuns& b) { return a.name < b.name; });
      folders.push_back(std::move(*whole));
    }
    return folders;
  }

  void add(const RunFolder& own, const Choice& choice, std::optional<RunFolder>& whole) const {
    if (!whole) {
      whole = own;
      whole->algorithms.clear();
      whole->scenario.clear();
    }
    for (AlgorithmRuns runs : own.algorithms) {
      runs.name = choice.label;
      whole->algorithms.push_back(std::move(runs));
    }
    whole->has_servers = whole->has_servers || own.has_servers;
    whole->scenario += fmt::format("# {}\n{}\n", choice.label, own.scenario);
    if (choice.algorithm == scenario_.evaluation.baseline) whole->baseline = choice.label;
  }

  /// The values of the other axes beside each merged folder.
  FolderColumns columns_of_groups(const std::vector<RunFolder>& folders) const {
    FolderColumns columns;
    if (groups_.size() < 2) return columns;
    for (const SweepAxis& axis : telling_axes(split_.others)) columns.titles.push_back(printable(axis.key));
    for (const TuningGroup& group : groups_) {
      const std::string path = printable((folder_ / group.name).string());
      const auto is_own = [&](const RunFolder& folder) { return folder.path == path; };
      if (std::any_of(folders.begin(), folders.end(), is_own)) columns.fields.push_back(group.values);
    }
    return columns;
  }

  /// All runs, those of the tuning first.
  std::string write_csv(const SweepRuns& runs) const {
    FolderColumns columns = runs.columns();
    columns.titles.emplace_back("use");
    for (auto& fields : columns.fields) fields.emplace_back("report");
    std::vector<RunFolder> folders = tuned_;
    for (RunFolder& folder : runs.finished_folders()) folders.push_back(std::move(folder));
    std::vector<std::vector<std::string>> fields;
    for (const SweepPoint& point : points_) {
      fields.push_back(point.values);
      fields.back().emplace_back("tuning");
    }
    columns.fields.insert(columns.fields.begin(), fields.begin(), fields.end());
    return write_file(folder_ / "sweep.csv", comparison_csv(folders, columns));
  }

  std::string title() const {
    return fmt::format("{}, each algorithm at its best {}, chosen on {} {}", scenario_.name,
                       fmt::join(settings_.best_of, ", "), settings_.tuning_seeds.size() == 1 ? "seed" : "seeds",
                       fmt::join(settings_.tuning_seeds, ", "));
  }

  /// Names those of which a better value may lie beyond what was tried; empty if there are none.
  std::string edges() const {
    std::vector<std::string> names;
    for (const Choice& choice : choices_) {
      const std::string& group = groups_[choice.group].name;
      if (choice.is_at_edge) names.push_back(choice.label + (group.empty() ? "" : " with " + group));
    }
    return names.empty() ? "" : fmt::format("At the edge of what was tried: {}.\n", fmt::join(names, ", "));
  }

  std::string report(const SweepRuns& runs) const {
    const std::vector<RunFolder> folders = merged(runs);
    const FolderColumns columns = columns_of_groups(folders);
    std::string problem = write_csv(runs);
    if (problem.empty()) problem = runs.write_curves();
    if (problem.empty()) {
      problem = write_file(folder_ / statistics_column_texts().file, statistics_csv(folders, columns));
    }
    if (!problem.empty() || folders.empty()) return problem;
    const fs::path page = folder_ / "report.html";
    problem = write_file(page, report_html(folders, title(), runs.reserve()));
    if (!problem.empty()) return problem;
    print_result("\n{}\n{}\n{}\nreport: {}\n", title(),
                 comparison_table(folders, isatty(STDOUT_FILENO) != 0, columns, runs.reserve()), edges(),
                 page.string());
    return {};
  }

  const SweepSettings& settings_;
  Scenario scenario_;  ///< at the first point
  fs::path folder_;
  std::vector<SweepAxis> axes_;
  SplitAxes split_;
  std::vector<SweepPoint> points_;
  std::vector<TuningGroup> groups_;
  std::vector<RunFolder> tuned_;  ///< by point
  std::vector<Choice> choices_;   ///< by point of the plan
  SweepPlan plan_;
};

}  // namespace

SweepOutcome run_tuned_sweep(const SweepSettings& settings) {
  TunedSweep sweep(settings);
  const std::string problem = sweep.prepare();
  if (!problem.empty()) return {exit_wrong_use, problem};
  return sweep.execute();
}

}  // namespace tardigrad
