/// How far each node of a run is from the nearest slow one.
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
    unknown,   ///< the scenario does not tell
    hops,      ///< ways that messages can take are the same throughout
    complete,  ///< everyone may send to everyone
    changing,  ///< the graph is another one every round
  };
  Kind kind = Kind::unknown;
  /// Kind::hops: of each node, nothing where messages of slow nodes never lead to.
  std::vector<std::optional<std::uint32_t>> hops;
};

/// In the graph that the algorithm of this name has with this seed. Stragglers may come from a file: those that are
/// no nodes of the scenario are left out.
StragglerDistances straggler_distances(const Scenario& scenario, const std::string& algorithm, std::uint64_t seed,
                                       const std::set<NodeId>& stragglers);

}  // namespace tardigrad
