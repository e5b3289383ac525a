#include "scenarios/src/run/sweep_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include "actors/moments_between.hpp"
#include "models/printable.hpp"
#include "scenarios/src/report/ranking_texts.hpp"
#include "scenarios/src/results/curves.hpp"
#include "scenarios/src/results/growing_table.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/run/output_folder.hpp"
#include "scenarios/src/run/refinement.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/exit_code.hpp"
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

}  // namespace

std::string plan_point(const SweepSettings& settings, SweepPoint point, const std::vector<std::string>& only,
                       SweepPlan& plan) {
  if (!settings.seeds.empty()) point.overrides.push_back(fmt::format("seeds=[{}]", fmt::join(settings.seeds, ",")));
  const auto at_point = [&](const std::string& problem) { return fmt::format("point {}: {}", point.name, problem); };
  ScenarioResult loaded = load_scenario(settings.scenario, point.overrides);
  if (!loaded.scenario) return at_point(loaded.error);
  const std::string missing = only.empty() ? "" : keep_only(only, *loaded.scenario);
  if (!missing.empty()) return at_point(missing);
  const LearnerResult learner = prepare_first_learner(*loaded.scenario, 1);
  if (!learner.error.empty()) return at_point(learner.error);
  resolve_refinement(*loaded.scenario, *learner.learner);
  const double memory = expected_memory(*loaded.scenario, learner.learner->layout().numel());
  plan.points.push_back({std::move(point), std::move(*loaded.scenario), memory, only});
  return "";
}

std::string objection_to_sweep_folder(const SweepSettings& settings, const fs::path& folder) {
  std::error_code failure;
  const auto status = fs::status(folder, failure);
  if (status.type() == fs::file_type::not_found) return settings.inside ? "" : objection_to_holding(folder);
  if (status.type() != fs::file_type::directory) return fmt::format("{}: not a folder", folder.string());
  const bool is_empty = fs::is_empty(folder, failure);
  if (failure) return fmt::format("{}: cannot read: {}", folder.string(), failure.message());
  const bool is_sweep =
      fs::exists(folder / "sweep.csv", failure) || fs::exists(folder / kTuningFolder / "sweep.csv", failure);
  if (is_empty || is_sweep) return settings.inside ? "" : objection_to_holding(folder);
  return fmt::format("{}: exists and is not the result of a sweep; name another folder with --out", folder.string());
}

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

SweepRuns::SweepRuns(const SweepSettings& settings, const SweepPlan& plan, std::function<void()> is_new)
    : settings_(settings), plan_(plan), is_new_(std::move(is_new)), results_(plan.points.size()) {
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    if (!plan.finished[i]) waiting_.push_back(i);
  }
  jobs_ = settings.jobs > 0 ? settings.jobs : usual_jobs(settings, plan);
  jobs_ = std::max(1U, std::min(jobs_, static_cast<unsigned>(waiting_.size())));
}

std::string SweepRuns::begin() {
  std::error_code failure;
  fs::create_directories(plan_.folder / "logs", failure);
  if (failure) return fmt::format("{}: cannot create: {}", plan_.folder.string(), failure.message());
  for (std::size_t i = 0; i < plan_.points.size(); ++i) {
    if (plan_.finished[i]) take_result(i);
  }
  return {};
}

SweepOutcome SweepRuns::outcome() const {
  if (interrupted()) return {exit_interrupted, ""};
  if (failed_ == 0) return {};
  return {exit_failed, fmt::format("{} of {} failed", failed_, count_of(plan_.points.size(), "point"))};
}

unsigned SweepRuns::threads_a_job() const { return std::max(1U, settings_.threads / jobs_); }

std::vector<std::string> SweepRuns::command(std::size_t point) const {
  std::vector<std::string> words{settings_.program.string(), "run", settings_.scenario};
  for (const std::string& text : plan_.points[point].point.overrides) words.insert(words.end(), {"--set", text});
  if (!plan_.points[point].only.empty()) {
    words.insert(words.end(), {"--only", fmt::format("{}", fmt::join(plan_.points[point].only, ","))});
  }
  words.insert(words.end(), {"--threads", std::to_string(threads_a_job()), "--out", folder(point).string(), "--force",
                             kInsideSweep});
  return words;
}

void SweepRuns::say_what_is_to_do() const {
  const std::size_t done = plan_.points.size() - waiting_.size();
  const std::string earlier = done == 0 ? "" : fmt::format(", {} finished earlier", done);
  const std::string points = count_of(plan_.points.size(), "point") + earlier;
  if (waiting_.empty()) return say(points);
  say(fmt::format("{}; {} at once with {} each", points, jobs_, count_of(threads_a_job(), "thread")));
}

void SweepRuns::run_all() {
  say_what_is_to_do();
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

void SweepRuns::start(std::size_t point) {
  running_[point] = {std::make_unique<ChildProcess>(command(point), log(point)), std::chrono::steady_clock::now()};
}

void SweepRuns::collect() {
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

void SweepRuns::conclude(std::size_t point, int code, std::chrono::duration<double> wall) {
  ++ended_;
  if (code == exit_interrupted && interrupted()) return say(fmt::format("{} interrupted", name(point)));
  if (code != exit_done) return fail(point, code);
  if (state_of_point(folder(point), plan_.points[point].scenario) != PointState::finished) return fail(point, code);
  if (!take_result(point)) return;
  say(fmt::format("[{}/{}] {} done, {:.0f} s of wall time", ended_, waiting_.size(), name(point), wall.count()));
  is_new_();
}

void SweepRuns::fail(std::size_t point, int code) {
  ++failed_;
  const std::string complaint = complaint_in(log(point));
  const std::string why = !complaint.empty()  ? complaint
                          : code == exit_done ? "it did not leave the results that were expected"
                          : code > 128        ? fmt::format("ended by signal {}", code - 128)
                                              : fmt::format("exit code {}", code);
  say(fmt::format("[{}/{}] {} failed: {} (see {})", ended_, waiting_.size(), name(point), why, log(point).string()));
}

bool SweepRuns::take_result(std::size_t point) {
  RunFolderResult read = read_run_folder(folder(point));
  if (read.folder) {
    results_[point] = std::move(*read.folder);
    return true;
  }
  ++failed_;
  say(fmt::format("{} cannot be read: {}", name(point), read.error));
  return false;
}

FolderColumns SweepRuns::columns() const {
  FolderColumns columns;
  for (const SweepAxis& axis : plan_.axes) columns.titles.push_back(printable(axis.key));
  for (std::size_t i = 0; i < results_.size(); ++i) {
    if (!results_[i]) continue;
    columns.fields.emplace_back();
    for (const std::string& value : plan_.points[i].point.values) columns.fields.back().push_back(printable(value));
  }
  return columns;
}

std::vector<RunFolder> SweepRuns::finished_folders() const {
  std::vector<RunFolder> folders;
  for (const auto& result : results_) {
    if (result) folders.push_back(*result);
  }
  return folders;
}

std::string SweepRuns::write_curves() const {
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
    for_each_curves_row(folder(i), *results_[i], has_servers, [&](const std::string& row) { all.write(prefix + row); });
  }
  all.flush();
  return all.error();
}

std::string SweepRuns::reserve() const {
  std::vector<std::string> absent;
  for (std::size_t i = 0; i < results_.size(); ++i) {
    if (!results_[i]) absent.push_back(name(i));
  }
  if (absent.empty()) return "";
  return fmt::format("{}: of {} points, {} {} not finished. So far:", interrupted() ? "Interrupted" : "Not whole",
                     results_.size(), some_of(absent), absent.size() == 1 ? "is" : "are");
}

}  // namespace tardigrad
