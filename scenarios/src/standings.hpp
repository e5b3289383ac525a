/// Who won: the algorithms of one or more run folders, seeds joined, in the order in which they
/// reached the target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/run_folder.hpp"

namespace tardigrad {

/// One number a seed.
struct SeedSpread {
  std::size_t seeds = 0;
  double mean = 0;
  double std = 0;  ///< of the sample; 0 for one seed
  double min = 0;
  double max = 0;
};

/// One algorithm of one folder.
struct Standing {
  std::string label;  ///< the algorithm's name, with the folder's where several folders have it
  const RunFolder* folder = nullptr;
  const AlgorithmRuns* runs = nullptr;
  /// Those that count: the whole ones; if none is whole, all.
  std::vector<const SeedRun*> seeds;
  bool partial = false;      ///< none is whole
  std::size_t left_out = 0;  ///< seeds that do not count
  std::optional<Target> target;
  std::size_t reached = 0;                     ///< seeds that reached the target
  std::optional<SeedSpread> time_to_target_s;  ///< over the seeds that reached it
  std::optional<SeedSpread> bytes_to_target;   ///< the same; sent by all nodes until then
  std::optional<double> speed_up;              ///< over the slowest that reached it
  std::optional<SeedSpread> final_accuracy;    ///< means over nodes
  double accuracy_std_over_nodes = 0;          ///< mean over seeds
  std::optional<SeedSpread> final_loss;        ///< the same of the loss, where it is finite
  double loss_std_over_nodes = 0;
  std::optional<SeedSpread> bytes_sent;
  std::optional<SeedSpread> mean_staleness;  ///< rounds
  std::optional<double> dropped_share;       ///< of the messages that left a queue
  std::optional<double> training_share;      ///< of all nodes' time
  std::optional<double> waiting_share;
  double duration_s = 0;  ///< virtual; the longest over seeds
};

struct Standings {
  /// By: seeds that reached the target, time to it, final accuracy (or loss, if that is what the target is of), label.
  std::vector<Standing> ranked;
  /// The one that all share. Without one there are no speed-ups, and the final accuracy decides.
  std::optional<Target> target;
  bool targets_differ = false;
};

/// Refers to `folders`, which must outlive it.
Standings standings(const std::vector<RunFolder>& folders);

/// A name for each folder that tells it from the others: the scenario's, else the folder's.
std::vector<std::string> folder_labels(const std::vector<RunFolder>& folders);

}  // namespace tardigrad
