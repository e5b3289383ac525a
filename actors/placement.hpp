/// The part of a run in which each actor lives.
#pragma once

#include <vector>

#include "netem/base/units.hpp"
#include "runtime/hosts/part_id.hpp"

namespace tardigrad {

/// Nodes live with their fragments and downlinks, and under serial sharing with their uplinks and links. The
/// recorder lives in part 0. Under fair sharing all actors that transmit do so, too: the rate of a message
/// depends on all others.
struct Placement {
  PartId self = 0;
  PartId parts = 1;
  /// By node; empty if one part has all nodes.
  std::vector<PartId> part_of{};
  /// A lower bound of the latency between nodes of different parts. Virtual time only.
  Time lookahead = kNever;

  bool is_whole() const { return parts == 1; }
  PartId home(NodeId node) const { return is_whole() ? 0 : part_of[node]; }
  bool has_node(NodeId node) const { return home(node) == self; }
  bool has_recorder() const { return self == 0; }
};

}  // namespace tardigrad
