/// The nodes to which a scenario's rule applies, and the rates of its stragglers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// At most one of the three is set; without any, every node is selected.
struct NodeSelection {
  std::optional<NodeId> count;
  std::optional<double> fraction;  ///< rounded to the nearest whole node
  std::vector<NodeId> list;
  /// count and fraction: true takes the lowest ids from `from` on, false draws nodes from the seed
  bool first = false;
  NodeId from = 0;  ///< only with `first`
};

/// Ascending ids. `rule` separates the draws of several rules of one scenario. The selection must have been
/// checked: from + count <= size, fraction in [0, 1], ids < size. Draws of one rule are nested: a larger count
/// adds nodes and keeps the others.
std::vector<NodeId> select_nodes(const NodeSelection& selection, NodeId size, std::uint64_t seed, std::uint64_t rule);

/// A `[[network.stragglers]]` table: explicit rates, or else the usual rate / factor.
struct LinkStragglerRule {
  NodeSelection nodes;
  double factor = 1;
  std::optional<BitsPerSecond> uplink;
  std::optional<BitsPerSecond> downlink;
  /// The slow rate is drawn uniformly within +- jitter of its value, with the same draw for both directions,
  /// and is never below 1 Mbps or the unjittered rate, whichever is smaller.
  BitsPerSecond jitter;
};

/// A `[[compute.stragglers]]` table: local steps take `slowdown` times as long.
struct ComputeStragglerRule {
  NodeSelection nodes;
  double slowdown = 1;
};

struct AccessRates {
  BitsPerSecond uplink;
  BitsPerSecond downlink;
};

/// One entry a node. Later rules win where two name the same node. The draws of a rule depend on its index in
/// `rules`, and not on those of compute rules.
std::vector<AccessRates> access_rates(AccessRates usual, const std::vector<LinkStragglerRule>& rules, NodeId size,
                                      std::uint64_t seed);

/// One factor a node (1 by default). Factors of rules that name the same node are multiplied.
std::vector<double> compute_slowdowns(const std::vector<ComputeStragglerRule>& rules, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
