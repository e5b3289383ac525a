/// The runs of a sweep's points: each in a process of its own, several at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/run/sweep.hpp"
#include "scenarios/src/run/sweep_plan.hpp"
#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/system/child_process.hpp"

namespace tardigrad {

/// Where the runs lie on which values are chosen, in the folder of a sweep that tunes.
inline constexpr const char* kTuningFolder = "tuning";

struct PlannedPoint {
  SweepPoint point;
  Scenario scenario;
  double memory = 0;                ///< estimated bytes of its run
  std::vector<std::string> only{};  ///< algorithms; empty: all of the scenario
};

struct SweepPlan {
  std::filesystem::path folder;
  std::string title;
  std::vector<SweepAxis> axes;  ///< axes that distinguish points
  std::vector<PlannedPoint> points;
  std::vector<bool> finished;  ///< by point, true if an earlier sweep has finished it
};

/// Adds a point with these algorithms (none: all). Returns an empty text, or one line that names the point.
std::string plan_point(const SweepSettings& settings, SweepPoint point, const std::vector<std::string>& only,
                       SweepPlan& plan);

/// The reason why results may not go to the sweep's folder; empty if they may.
std::string objection_to_sweep_folder(const SweepSettings& settings, const std::filesystem::path& folder);

/// Fills in which points are finished; returns one line if a point's folder must not be written to.
std::string look_into_folders(const SweepSettings& settings, SweepPlan& plan);

/// Runs the points that are not finished, and reads the results of all. Refers to settings and plan.
class SweepRuns {
 public:
  /// `is_new` is called whenever a point has been finished.
  SweepRuns(const SweepSettings& settings, const SweepPlan& plan, std::function<void()> is_new);

  /// Makes the folder and reads what an earlier sweep has finished; returns one line on failure.
  std::string begin();
  /// Runs the rest, or until the process is interrupted. Says on standard error how it goes.
  void run_all();

  /// How the sweep has ended.
  SweepOutcome outcome() const;
  /// By point; nothing: it is not finished.
  const std::vector<std::optional<RunFolder>>& results() const { return results_; }
  std::vector<RunFolder> finished_folders() const;
  /// The columns of the points that are finished, in their order.
  FolderColumns columns() const;
  /// Writes every point's curves below each other; returns one line on failure.
  std::string write_curves() const;
  /// Which points are not in table and report; empty if all are.
  std::string reserve() const;

 private:
  struct Job {
    std::unique_ptr<ChildProcess> process;
    std::chrono::steady_clock::time_point begin;
  };

  const std::string& name(std::size_t point) const { return plan_.points[point].point.name; }
  std::filesystem::path folder(std::size_t point) const { return plan_.folder / name(point); }
  std::filesystem::path log(std::size_t point) const { return plan_.folder / "logs" / name(point); }
  unsigned threads_a_job() const;
  std::vector<std::string> command(std::size_t point) const;
  void say_what_is_to_do() const;
  void start(std::size_t point);
  void collect();
  void conclude(std::size_t point, int code, std::chrono::duration<double> wall);
  void fail(std::size_t point, int code);
  /// False, with a message, if it cannot be read.
  bool take_result(std::size_t point);

  const SweepSettings& settings_;
  const SweepPlan& plan_;
  std::function<void()> is_new_;
  std::vector<std::size_t> waiting_;  ///< points to be run
  unsigned jobs_ = 1;
  std::map<std::size_t, Job> running_;  ///< by point
  std::vector<std::optional<RunFolder>> results_;
  std::size_t ended_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace tardigrad
