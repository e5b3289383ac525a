#include "scenarios/src/results/straggler_distances.hpp"

#include <algorithm>

#include "netem/graph/topology.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

StragglerDistances straggler_distances(const Scenario& scenario, const std::string& algorithm, std::uint64_t seed,
                                       const std::set<NodeId>& stragglers) {
  const auto& sections = scenario.algorithms;
  const auto section = std::find_if(sections.begin(), sections.end(),
                                    [&](const AlgorithmSection& other) { return other.name == algorithm; });
  if (section == sections.end()) return {};
  using Kind = StragglerDistances::Kind;
  if (section->algorithm->servers) return {Kind::servers, {}};
  if (changes_by_round(section->topology)) return {Kind::changing, {}};
  const TopologyResult built = build_topology(section->topology, scenario.nodes.count, seed);
  if (!built.error.empty()) return {};
  if (built.graph.is_complete()) return {Kind::complete, {}};
  const std::vector<NodeId> sources(stragglers.begin(), stragglers.lower_bound(scenario.nodes.count));
  return {Kind::hops, hops_from(built.graph, sources)};
}

}  // namespace tardigrad
