/// The distance of each node of a run from the nearest slow one.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

struct Scenario;

struct StragglerDistances {
  enum class Kind {
    unknown,   ///< the scenario does not show it
    hops,      ///< the paths of messages are the same throughout
    complete,  ///< every node may send to every other
    changing,  ///< the graph changes every round
    servers,   ///< nodes send to servers alone
  };
  Kind kind = Kind::unknown;
  /// Kind::hops: by node; nothing where messages of slow nodes never lead.
  std::vector<std::optional<std::uint32_t>> hops;
};

/// In the graph of the algorithm of this name under this seed. Stragglers may come from a file: those that are
/// no nodes of the scenario are left out.
StragglerDistances straggler_distances(const Scenario& scenario, const std::string& algorithm, std::uint64_t seed,
                                       const std::set<NodeId>& stragglers);

}  // namespace tardigrad
