/// The ranking: the algorithms of one or more run folders, seeds joined, in the order in which they reached the
/// target, as far as seeds and evaluations show.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/report/paired_difference.hpp"
#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

/// One number for each seed.
struct SeedSpread {
  std::size_t seeds = 0;
  double mean = 0;
  double std = 0;  ///< of the sample; 0 for one seed
  double min = 0;
  double max = 0;
};

/// The quotient of two times to the target.
struct TimesAsFast {
  enum class Kind { estimate, lower_bound, upper_bound };

  double times = 1;
  Kind kind = Kind::estimate;
};

/// One algorithm of one folder.
struct RankedAlgorithm {
  std::string label;  ///< the algorithm's name, with the folder's if several folders have it
  std::string name;   ///< the shortest unique name in its contest
  std::string folder_label;
  const RunFolder* folder = nullptr;
  const AlgorithmRuns* runs = nullptr;
  /// The seeds that count: complete runs; if none is complete, all.
  std::vector<const SeedRun*> seeds;
  bool partial = false;      ///< no run is complete
  bool cut_short = false;    ///< not all runs that count are complete: their numbers are no result
  std::size_t left_out = 0;  ///< number of seeds that do not count
  std::optional<Target> target;
  std::size_t reached = 0;                             ///< number of seeds that reached the target
  std::optional<SeedSpread> time_to_target_s;          ///< over the seeds that reached it
  std::optional<SeedSpread> bytes_to_target;           ///< the same; sent by all nodes until then
  std::optional<SeedSpread> joules, joules_to_target;  ///< of all nodes; missing if no energy was counted
  bool has_stopped = false;  ///< with some seed it ended at its target: final figures are of then, and not compared
  bool has_server = false;
  std::optional<SeedSpread> server_time_to_target_s;  ///< of the server's model, over the seeds in which it reached it
  std::optional<TimesAsFast> speed_up;                ///< over the baseline of its contest
  /// If a time to the target lies within the first interval between evaluations, where it is not known more finely: the
  /// mean over seeds is less than this, of that interval's ends and the times that are known.
  std::optional<double> reached_before_s;
  std::optional<double> bytes_by_then;
  std::size_t diverged = 0;                  ///< number of seeds that diverged: they reach no target
  std::optional<double> diverged_s;          ///< the first of them
  std::size_t contest = 0;                   ///< its index in `Ranking::contests`
  bool leads = false;                        ///< first of its contest, or not to be told from the first
  std::optional<SeedSpread> final_accuracy;  ///< means over nodes
  double accuracy_std_over_nodes = 0;        ///< mean over seeds
  std::optional<SeedSpread> final_loss;      ///< the same for the loss, where it is finite
  double loss_std_over_nodes = 0;
  std::optional<SeedSpread> bytes_sent;
  std::optional<SeedSpread> rounds;                                            ///< finished by all nodes
  std::optional<double> delivered_per_s;                                       ///< bytes a second, mean over seeds
  std::optional<double> delay_median_s, delay_p95_s;                           ///< of messages, means over seeds
  std::optional<std::uint64_t> longest_queue;                                  ///< messages, of all seeds
  std::optional<double> final_perplexity, final_bits, distance_between_nodes;  ///< means over seeds
  std::optional<SeedSpread> mean_staleness;                                    ///< rounds
  std::optional<double> dropped_share;                                         ///< of the messages that left a queue
  std::optional<double> lost_share;                                            ///< of all transmissions
  std::optional<double> absent_share;         ///< of all transmissions: they arrived while the receiver was away
  std::optional<double> compute_utilisation;  ///< of the time in rounds, mean over seeds
  std::optional<double> training_share;       ///< of all nodes' time
  std::optional<double> waiting_share;
  double duration_s = 0;  ///< the longest over seeds

  /// True if it moved messages alone: no model was tested.
  bool has_learned_nothing() const { return !final_accuracy && diverged == 0; }
  /// True if it reached the target with every seed, and never diverged.
  bool has_reached() const { return reached > 0 && reached == seeds.size() && diverged == 0; }
};

/// Algorithms that compete with each other: those of a folder; if each folder has one only, those of all
/// folders.
struct Contest {
  std::vector<std::size_t> places;  ///< in `Ranking::ranked`, ascending; at least one
  /// The index of the algorithm that speed-ups are over, and differences from.
  std::optional<std::size_t> baseline;
  /// The baseline named in the scenario, whether it has run or not; empty if none is named or several folders
  /// have it. Then the baseline is the slowest that reached the target, once all have run.
  std::string named_baseline;
  /// True for several algorithms of one folder with a single node, which trains alone: there is nothing to
  /// compare.
  bool has_lone_node = false;
};

struct Ranking {
  /// Ordered by: never diverged, complete, share of seeds that reached the target, time to it, final accuracy
  /// (or loss, if the target is a loss), rounds where nothing was learned, label.
  std::vector<RankedAlgorithm> ranked;
  std::vector<Contest> contests;  ///< in the order of the folders
  /// The target that all share. Without one there are no speed-ups, and the final accuracy decides.
  std::optional<Target> target;
  bool targets_differ = false;
};

/// The ranking of a contest, in its order, and those that meet a condition.
std::vector<const RankedAlgorithm*> racers(const Ranking& all, const Contest& contest);
template <class Condition>
std::vector<const RankedAlgorithm*> those(const std::vector<const RankedAlgorithm*>& some, Condition condition) {
  std::vector<const RankedAlgorithm*> found;
  std::copy_if(some.begin(), some.end(), std::back_inserter(found), condition);
  return found;
}

/// Over the seeds that both have: how much later `other` reached the target than `first`, and how much further
/// from it (or from a perfect accuracy) it ended.
PairedDifference time_behind(const RankedAlgorithm& first, const RankedAlgorithm& other);
PairedDifference figure_behind(const RankedAlgorithm& first, const RankedAlgorithm& other, Figure figure);
/// The same of rounds: how many fewer all nodes of `other` finished.
PairedDifference rounds_behind(const RankedAlgorithm& first, const RankedAlgorithm& other);

/// The quotient of the mean times of `other` and `s` to the target, over the seeds that both have. If only an
/// upper bound of the time of `s` is known, the quotient is the least that the tests around both times permit;
/// if that of `other`, the greatest. Nothing if both are bounds, if no seed is common or if the quotient would
/// be no number above 0. Both must have reached the target.
std::optional<TimesAsFast> times_as_fast(const RankedAlgorithm& s, const RankedAlgorithm& other);

/// The run with this seed that counts, or nullptr.
const SeedRun* run_with(const RankedAlgorithm& algorithm, std::uint64_t seed);

/// A number of the runs of `other` minus that of `first` with the same seed, where both have one.
template <class NumberOf>
std::vector<double> differences(const RankedAlgorithm& first, const RankedAlgorithm& other, NumberOf number_of) {
  std::vector<double> found;
  for (const SeedRun* own : first.seeds) {
    const SeedRun* its = run_with(other, own->seed);
    if (!its) continue;
    const std::optional<double> before = number_of(*own);
    const std::optional<double> behind = number_of(*its);
    if (before && behind) found.push_back(*behind - *before);
  }
  return found;
}

/// "virtual time", "real time"; "time" if the folders differ.
std::string time_name(const std::vector<RunFolder>& folders);

/// Refers to `folders`, which must outlive it.
Ranking ranking_of(const std::vector<RunFolder>& folders);

/// A unique name for each folder: the scenario's, else the folder's.
std::vector<std::string> folder_labels(const std::vector<RunFolder>& folders);

}  // namespace tardigrad
