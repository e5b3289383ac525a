/// Which nodes a scenario's rule applies to, and what rates its stragglers get.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netem/random_stream.hpp"
#include "netem/units.hpp"

namespace tardigrad {

/// Exactly one of the three is set (none: every node).
struct NodeSelection {
  std::optional<NodeId> count;
  std::optional<double> fraction;  ///< rounded to the nearest whole node
  std::vector<NodeId> list;
  /// count and fraction: drawn from the seed, or the lowest ids, or (with `from`) those from there on.
  bool first = false;
  NodeId from = 0;  ///< with `first` only
};

/// Ascending ids. `rule` tells the draws of several rules of one scenario apart. The selection has
/// been checked: from + count <= size, fraction in [0, 1], ids < size. Draws of one rule are nested: a
/// larger count adds nodes and keeps those it had.
std::vector<NodeId> select_nodes(const NodeSelection& selection, NodeId size, std::uint64_t seed, std::uint64_t rule);

/// A `[[network.stragglers]]` table: explicit rates, and rate / factor where there is none.
struct LinkStragglerRule {
  NodeSelection nodes;
  double factor = 1;
  std::optional<BitsPerSecond> uplink;
  std::optional<BitsPerSecond> downlink;
  /// The slow rate is drawn uniformly within +- jitter of it, the same draw up and down, and never
  /// less than 1 Mbps or the unjittered rate, whichever is smaller.
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

/// One entry a node. Later rules win where two name the same node. A rule's draws use its place in
/// `rules`; those of compute rules are independent of them.
std::vector<AccessRates> access_rates(AccessRates usual, const std::vector<LinkStragglerRule>& rules, NodeId size,
                                      std::uint64_t seed);

/// One factor a node (1 for the rest). Rules that name the same node multiply.
std::vector<double> compute_slowdowns(const std::vector<ComputeStragglerRule>& rules, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
