/// Problems that do not end a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// A node whose local steps took longer than their emulated time: the machine is too slow for the scenario.
/// Never under the virtual clock.
struct SlowNode {
  NodeId node = 0;
  std::uint64_t rounds = 0;  ///< number of such rounds
  double worst_ratio = 0;    ///< real by emulated duration
};

/// A host that was lost while the run went on without its nodes.
struct LostHost {
  std::uint32_t host = 0;  ///< from 1
  Time at{};
  std::vector<NodeId> nodes;
  std::string what;  ///< one line, which names the host and gives the reason
};

}  // namespace tardigrad
