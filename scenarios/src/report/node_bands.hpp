/// The use of each node's time and access links, as bands to be drawn one below the other.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

enum class StragglerKind { none, network, compute, both };

/// One node, or the mean of several of the same kind. Shares are of the run's time, in [0, 1].
struct NodeBand {
  NodeId first = 0;
  NodeId last = 0;
  std::size_t nodes = 1;
  StragglerKind kind = StragglerKind::none;
  double rounds = 0;
  double training = 0;
  double waiting = 0;
  double away = 0;
  std::optional<double> uplink_busy;
  std::optional<double> downlink_busy;
  std::optional<double> dropped;  ///< share of the messages that left the node's queue
  std::optional<double> last_accuracy;
};

/// Stragglers first, then by node; with more nodes than `most_bands`, neighbours in this order are joined,
/// never two kinds. At most `most_bands` and one more for each kind.
std::vector<NodeBand> node_bands(const SeedRun& run, std::size_t most_bands);

}  // namespace tardigrad
