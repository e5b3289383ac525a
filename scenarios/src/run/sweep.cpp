#include "scenarios/src/run/sweep.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "actors/moments_between.hpp"
#include "models/printable.hpp"
#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/report/report_html.hpp"
#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/results/curves.hpp"
#include "scenarios/src/results/growing_table.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/refinement.hpp"
#include "scenarios/src/run/sweep_plan.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/file_text.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/csv_text.hpp"
#include "scenarios/src/text/range_text.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr auto kLookInterval = std::chrono::milliseconds(20);
constexpr std::uintmax_t kLongestLog = std::uintmax_t{64} << 20;

struct PlannedPoint {
  SweepPoint point;
  Scenario scenario;
  double memory = 0;  ///< estimated bytes of its run
};

struct SweepPlan {
  fs::path folder;
  std::string title;
  std::vector<SweepAxis> axes;  ///< axes that distinguish points
  std::vector<PlannedPoint> points;
  std::vector<bool> finished;  ///< by point, true if an earlier sweep has finished it
};

/// An estimate: every node has a model and what its optimizer keeps, and messages under way amount to several models a
/// node; a dozen are the budget of a DivShare run of 1,000 nodes.
double expected_memory(const Scenario& scenario, std::int64_t parameters) {
  constexpr double program = 300e6;
  const double models = 12 + scenario.training.optimizer.values_kept() +
                        (scenario.evaluation.refines() ? static_cast<double>(kMostMomentsBetween) : 0);
  return program + models * static_cast<double>(sizeof(float)) * static_cast<double>(parameters) * scenario.nodes.count;
}

/// Bytes; nothing if the system does not report them.
std::optional<double> available_memory() {
  std::ifstream meminfo("/proc/meminfo");
  for (std::string line; std::getline(meminfo, line);) {
    double kibibytes = 0;
    std::istringstream words(line);
    std::string name;
    if (words >> name >> kibibytes && name == "MemAvailable:") return kibibytes * 1024;
  }
  return std::nullopt;
}

/// Returns an empty text, or one line that names the point.
std::string plan_point(const SweepSettings& settings, SweepPoint point, SweepPlan& plan) {
  if (!settings.seeds.empty()) point.overrides.push_back(fmt::format("seeds=[{}]", fmt::join(settings.seeds, ",")));
  const auto at_point = [&](const std::string& problem) { return fmt::format("point {}: {}", point.name, problem); };
  ScenarioResult loaded = load_scenario(settings.scenario, point.overrides);
  if (!loaded.scenario) return at_point(loaded.error);
  const LearnerResult learner = prepare_first_learner(*loaded.scenario, 1);
  if (!learner.error.empty()) return at_point(learner.error);
  resolve_refinement(*loaded.scenario, *learner.learner);
  const double memory = expected_memory(*loaded.scenario, learner.learner->layout().numel());
  plan.points.push_back({std::move(point), std::move(*loaded.scenario), memory});
  return "";
}

/// The reason why results may not go to the sweep's folder; empty if they may.
std::string objection_to_folder(const fs::path& folder) {
  std::error_code failure;
  const auto status = fs::status(folder, failure);
  if (status.type() == fs::file_type::not_found) return "";
  if (status.type() != fs::file_type::directory) return fmt::format("{}: not a folder", folder.string());
  const bool is_empty = fs::is_empty(folder, failure);
  if (failure) return fmt::format("{}: cannot read: {}", folder.string(), failure.message());
  if (is_empty || fs::exists(folder / "sweep.csv", failure)) return "";
  return fmt::format("{}: exists and is not the result of a sweep; name another folder with --out", folder.string());
}

/// Fills in which points are finished; returns one line if a point's folder must not be written to.
std::string look_into_folders(const SweepSettings& settings, SweepPlan& plan) {
  for (const PlannedPoint& planned : plan.points) {
    const fs::path folder = plan.folder / planned.point.name;
    const PointState state = state_of_point(folder, planned.scenario);
    plan.finished.push_back(state == PointState::finished && !settings.force);
    if (plan.finished.back()) continue;
    if (state == PointState::foreign && !settings.force) {
      return fmt::format(
          "{}: holds the results of another scenario; name another folder with --out, or replace them with --force",
          folder.string());
    }
    const std::string objection = objection_to_output(folder, true);
    if (!objection.empty()) return objection;
  }
  return "";
}

std::string make_plan(const SweepSettings& settings, SweepPlan& plan) {
  if (settings.sets.empty()) return "nothing to sweep over: expected --set KEY=VALUE,VALUE";
  const SweepAxesResult parsed = parse_sweep_axes(settings.sets);
  if (!parsed.error.empty()) return parsed.error;
  plan.axes = telling_axes(parsed.axes);
  for (SweepPoint& point : sweep_points(parsed.axes)) {
    const std::string problem = plan_point(settings, std::move(point), plan);
    if (!problem.empty()) return problem;
  }
  const std::string& name = plan.points.front().scenario.name;
  plan.folder = settings.out.empty() ? fs::path("results") / (name + "-sweep") : settings.out;
  std::vector<std::string> keys;
  for (const SweepAxis& axis : plan.axes) keys.push_back(axis.key);
  plan.title = fmt::format("{} by {}", name, fmt::join(keys, ", "));
  const std::string objection = objection_to_folder(plan.folder);
  return objection.empty() ? objection_to_holding(plan.folder) : objection;
}

/// Under the real clock runs would disturb each other.
unsigned usual_jobs(const SweepSettings& settings, const SweepPlan& plan) {
  double memory = 0;
  for (const PlannedPoint& planned : plan.points) {
    if (planned.scenario.time.clock == "real") return 1;
    memory = std::max(memory, planned.memory);
  }
  const double fit = available_memory().value_or(memory) / memory;
  return static_cast<unsigned>(std::clamp(fit, 1.0, static_cast<double>(settings.threads)));
}

/// The reason for a run's failure: its last line of that kind.
std::string complaint_in(const fs::path& log) {
  constexpr std::string_view mark = "tardigrad: ";
  std::istringstream lines(file_text(log, kLongestLog).value_or(""));
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(mark, 0) == 0) last = printable(line.substr(mark.size()), 400);
  }
  return last;
}

/// Runs the points that are not finished, and reads their results.
class Sweep {
 public:
  Sweep(const SweepSettings& settings, const SweepPlan& plan)
      : settings_(settings), plan_(plan), results_(plan.points.size()) {
    for (std::size_t i = 0; i < plan.points.size(); ++i) {
      if (!plan.finished[i]) waiting_.push_back(i);
    }
    jobs_ = settings.jobs > 0 ? settings.jobs : usual_jobs(settings, plan);
    jobs_ = std::max(1U, std::min(jobs_, static_cast<unsigned>(waiting_.size())));
  }

  SweepOutcome execute() {
    std::error_code failure;
    fs::create_directories(plan_.folder / "logs", failure);
    if (failure) return {exit_failed, fmt::format("{}: cannot create: {}", plan_.folder.string(), failure.message())};
    for (std::size_t i = 0; i < plan_.points.size(); ++i) {
      if (plan_.finished[i]) take_result(i);
    }
    std::string problem = write_csv();
    if (!problem.empty()) return {exit_failed, problem};
    say_what_is_to_do();
    run_all();
    problem = report();
    if (!problem.empty()) return {exit_failed, problem};
    if (interrupted()) return {exit_interrupted, ""};
    if (failed_ == 0) return {};
    return {exit_failed, fmt::format("{} of {} failed", failed_, count_of(plan_.points.size(), "point"))};
  }

 private:
  struct Job {
    std::unique_ptr<ChildProcess> process;
    std::chrono::steady_clock::time_point begin;
  };

  const std::string& name(std::size_t point) const { return plan_.points[point].point.name; }
  fs::path folder(std::size_t point) const { return plan_.folder / name(point); }
  fs::path log(std::size_t point) const { return plan_.folder / "logs" / name(point); }

  void say(const std::string& text) const { tardigrad::say(text); }

  void say_what_is_to_do() const {
    const std::size_t done = plan_.points.size() - waiting_.size();
    const std::string earlier = done == 0 ? "" : fmt::format(", {} finished earlier", done);
    const std::string points = count_of(plan_.points.size(), "point") + earlier;
    if (waiting_.empty()) return say(points);
    say(fmt::format("{}; {} at once with {} each", points, jobs_, count_of(threads_a_job(), "thread")));
  }

  unsigned threads_a_job() const { return std::max(1U, settings_.threads / jobs_); }

  std::vector<std::string> command(std::size_t point) const {
    std::vector<std::string> words{settings_.program.string(), "run", settings_.scenario};
    for (const std::string& text : plan_.points[point].point.overrides) words.insert(words.end(), {"--set", text});
    words.insert(words.end(), {"--threads", std::to_string(threads_a_job()), "--out", folder(point).string(), "--force",
                               kInsideSweep});
    return words;
  }

  void run_all() {
    note_interrupts("ending the runs in progress");
    bool stopping = false;
    auto next = waiting_.begin();
    while (!running_.empty() || (!interrupted() && next != waiting_.end())) {
      while (!interrupted() && next != waiting_.end() && running_.size() < jobs_) start(*next++);
      if (interrupted() && !std::exchange(stopping, true)) {
        for (const auto& [point, job] : running_) job.process->interrupt();
      }
      std::this_thread::sleep_for(kLookInterval);
      collect();
    }
  }

  void start(std::size_t point) {
    running_[point] = {std::make_unique<ChildProcess>(command(point), log(point)), std::chrono::steady_clock::now()};
  }

  void collect() {
    for (auto job = running_.begin(); job != running_.end();) {
      const std::optional<int> code = job->second.process->exit_code();
      if (!code) {
        ++job;
        continue;
      }
      conclude(job->first, *code, std::chrono::steady_clock::now() - job->second.begin);
      job = running_.erase(job);
    }
  }

  void conclude(std::size_t point, int code, std::chrono::duration<double> wall) {
    ++ended_;
    if (code == exit_interrupted && interrupted()) return say(fmt::format("{} interrupted", name(point)));
    if (code != exit_done) return fail(point, code);
    if (state_of_point(folder(point), plan_.points[point].scenario) != PointState::finished) return fail(point, code);
    if (!take_result(point)) return;
    say(fmt::format("[{}/{}] {} done, {:.0f} s of wall time", ended_, waiting_.size(), name(point), wall.count()));
    // A lasting failure is reported at the end.
    write_csv();
  }

  void fail(std::size_t point, int code) {
    ++failed_;
    const std::string complaint = complaint_in(log(point));
    const std::string why = !complaint.empty()  ? complaint
                            : code == exit_done ? "it did not leave the results that were expected"
                            : code > 128        ? fmt::format("ended by signal {}", code - 128)
                                                : fmt::format("exit code {}", code);
    say(fmt::format("[{}/{}] {} failed: {} (see {})", ended_, waiting_.size(), name(point), why, log(point).string()));
  }

  /// False, with a message, if it cannot be read.
  bool take_result(std::size_t point) {
    RunFolderResult read = read_run_folder(folder(point));
    if (read.folder) {
      results_[point] = std::move(*read.folder);
      return true;
    }
    ++failed_;
    say(fmt::format("{} cannot be read: {}", name(point), read.error));
    return false;
  }

  /// The columns of the points that are finished, in their order.
  FolderColumns columns() const {
    FolderColumns columns;
    for (const SweepAxis& axis : plan_.axes) columns.titles.push_back(printable(axis.key));
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!results_[i]) continue;
      columns.fields.emplace_back();
      for (const std::string& value : plan_.points[i].point.values) columns.fields.back().push_back(printable(value));
    }
    return columns;
  }

  std::vector<RunFolder> finished_folders() const {
    std::vector<RunFolder> folders;
    for (const auto& result : results_) {
      if (result) folders.push_back(*result);
    }
    return folders;
  }

  std::string write_csv() const {
    const std::string problem =
        write_file(plan_.folder / statistics_column_texts().file, statistics_csv(finished_folders(), columns()));
    return problem.empty() ? write_file(plan_.folder / "sweep.csv", comparison_csv(finished_folders(), columns()))
                           : problem;
  }

  /// Every point's curves below each other; returns one line on failure.
  std::string write_curves() const {
    std::vector<std::string> titles{"point"};
    for (const SweepAxis& axis : plan_.axes) titles.push_back(printable(axis.key));
    const bool has_servers =
        std::any_of(results_.begin(), results_.end(), [](const auto& result) { return result && result->has_servers; });
    const Columns<CurveRow>& columns_of_runs = curve_columns(has_servers);
    GrowingTable all(plan_.folder / columns_of_runs.file(), csv_prefix(titles) + columns_of_runs.header());
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!results_[i]) continue;
      std::vector<std::string> fields{name(i)};
      for (const std::string& value : plan_.points[i].point.values) fields.push_back(printable(value));
      const std::string prefix = csv_prefix(fields);
      for_each_curves_row(folder(i), *results_[i], has_servers,
                          [&](const std::string& row) { all.write(prefix + row); });
    }
    all.flush();
    return all.error();
  }

  /// Which points are not in table and report; empty if all are.
  std::string reserve() const {
    std::vector<std::string> absent;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!results_[i]) absent.push_back(name(i));
    }
    if (absent.empty()) return "";
    return fmt::format("{}: of {} points, {} {} not finished. So far:", interrupted() ? "Interrupted" : "Not whole",
                       results_.size(), some_of(absent), absent.size() == 1 ? "is" : "are");
  }

  /// Table and report; returns one line on failure.
  std::string report() const {
    const std::vector<RunFolder> folders = finished_folders();
    std::string problem = write_csv();
    if (problem.empty()) problem = write_curves();
    if (!problem.empty() || folders.empty()) return problem;
    const fs::path page = plan_.folder / "report.html";
    problem = write_file(page, report_html(folders, plan_.title, reserve()));
    if (!problem.empty()) return problem;
    print_result("\n{}\nreport: {}\n", comparison_table(folders, isatty(STDOUT_FILENO) != 0, columns(), reserve()),
                 page.string());
    return "";
  }

  const SweepSettings& settings_;
  const SweepPlan& plan_;
  std::vector<std::size_t> waiting_;  ///< points to be run
  unsigned jobs_ = 1;
  std::map<std::size_t, Job> running_;  ///< by point
  std::vector<std::optional<RunFolder>> results_;
  std::size_t ended_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace

SweepOutcome run_sweep(const SweepSettings& settings) {
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
