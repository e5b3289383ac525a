/// Which part of a run an actor lives in.
#pragma once

#include <vector>

#include "netem/base/units.hpp"
#include "runtime/hosts/far_actor.hpp"

namespace tardigrad {

/// Nodes live with their fragments and downlinks, and under serial sharing with their uplinks and links. The recorder
/// lives in part 0, and so does under fair sharing all that transmits: which rate a message gets depends on all
/// others.
struct Placement {
  PartId self = 0;
  PartId parts = 1;
  /// By node; empty where there is one part only, which has all.
  std::vector<PartId> part_of{};
  /// No message between nodes of different parts is on its way for less. Virtual time only.
  Time lookahead = kNever;

  bool is_whole() const { return parts == 1; }
  PartId home(NodeId node) const { return is_whole() ? 0 : part_of[node]; }
  bool has_node(NodeId node) const { return home(node) == self; }
  bool has_recorder() const { return self == 0; }
};

}  // namespace tardigrad
