/// Reads the results of finished or interrupted runs in a folder. Rows are reduced while they are read: memory
/// grows with evaluations and nodes, not with the files.
///
/// Files are not trusted: every number is checked, no size or index is taken from them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "netem/base/units.hpp"
#include "scenarios/src/results/evaluation_point.hpp"
#include "scenarios/src/results/straggler_distances.hpp"
#include "scenarios/src/results/summary_file.hpp"

namespace tardigrad {

/// The number of equal parts of a run for figures over time.
inline constexpr std::size_t kTimeSlots = 24;

/// The activity of one node over the whole run.
struct NodeActivity {
  std::uint64_t rounds = 0;
  double training_s = 0;
  double waiting_s = 0;
  double away_s = 0;             ///< by churn, or because its host was lost; not part of the two above
  std::vector<double> waited_s;  ///< in each of kTimeSlots; empty if no node is slow
  std::uint64_t sent = 0;        ///< messages that left its uplink whole
  std::uint64_t dropped = 0;     ///< messages given up before
  std::uint64_t bytes_sent = 0;
  std::uint64_t mixed = 0;
  double staleness_sum = 0;
  std::optional<double> uplink_busy_s;  ///< mean over its links if each has a rate of its own
  std::optional<double> downlink_busy_s;
  std::optional<double> last_accuracy;
};

/// One algorithm with one seed.
struct SeedRun {
  std::uint64_t seed = 0;
  /// For a run without a summary: as far as its other files show.
  RunSummary summary;
  std::vector<EvaluationPoint> evaluations;  ///< in order of time
  std::map<NodeId, NodeActivity> nodes;      ///< that train
  std::map<NodeId, NodeActivity> servers;    ///< behind them
  StragglerDistances distances;              ///< if any node is slow
  /// The resolution of the time to the target: the interval between the evaluations around it.
  double time_resolution_s = 0;
  /// The times of the tests around the target: it was not reached by the first, and reached by the second.
  double earliest_s = 0;
  double latest_s = 0;
  /// The second evaluation, if the target was reached between the first two: the time is not known more finely.
  std::optional<double> reached_before_s;
  std::optional<double> bytes_by_then;
  /// The reasons why this run is incomplete: interrupted, a missing file, a cut line. Empty: complete.
  std::vector<std::string> gaps;

  bool partial() const { return !gaps.empty(); }
  bool diverged() const { return summary.diverged_s.has_value(); }
  /// True if it ended with its target, before its time: its final figures are of then.
  bool stopped_at_target() const { return summary.stopped_because == "target"; }
  /// A run that diverged reaches no target.
  std::optional<double> time_to_target_s() const { return diverged() ? std::nullopt : summary.time_to_target_s; }
  /// The time that the run covers.
  double duration_s() const;
};

struct AlgorithmRuns {
  std::string name;            ///< printable
  std::vector<SeedRun> seeds;  ///< ascending, at least one
};

/// The seeds of an algorithm that have not begun.
struct MissingRuns {
  std::string name;  ///< printable
  std::vector<std::uint64_t> seeds;
};

struct RunFolder {
  std::string path;                       ///< as given, printable
  std::string name;                       ///< of the scenario; of the folder if that is unknown
  std::string scenario;                   ///< scenario.toml as it is; may be empty
  std::string clock;                      ///< "virtual", "real", or empty if unknown
  std::string baseline;                   ///< the algorithm that speed-ups are over; empty: the slowest
  bool has_servers = false;               ///< the scenario has some
  std::vector<Target> earlier_targets;    ///< of the scenario, on the way to the one that ranks
  std::vector<AlgorithmRuns> algorithms;  ///< in order of name, at least one
  std::vector<MissingRuns> missing;       ///< that the scenario names, in its order
};

/// The folder's runs, or one line that names the file and its mistake.
struct RunFolderResult {
  std::optional<RunFolder> folder;
  std::string error;
};

RunFolderResult read_run_folder(const std::filesystem::path& path);

}  // namespace tardigrad
