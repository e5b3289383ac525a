/// Options of an algorithm, set by name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/protocols/registry.hpp"
#include "netem/graph/graph_schedule.hpp"

namespace tardigrad::test {

using OptionValues = std::vector<std::pair<std::string, OptionSpec::Value>>;

/// Other options have their defaults.
inline ProtocolFactory protocols_of(const std::string& kind, const ProtocolContext& run,
                                    const OptionValues& options = {}) {
  const Algorithm& algorithm = *find_algorithm(kind);
  AlgorithmOptions all(algorithm.options);
  for (const auto& [name, value] : options) all.set(name, value);
  return algorithm.protocols(all, run);
}

inline ProtocolFactory protocols_of(const std::string& kind, Graph graph, const OptionValues& options = {},
                                    std::uint64_t seed = 1) {
  return protocols_of(kind, {std::make_shared<const GraphSchedule>(std::move(graph)), seed}, options);
}

inline CodecSpec codec(const std::string& kind, double fraction = 0.1) {
  CodecSpec spec;
  spec.kind = kind;
  spec.fraction = fraction;
  return spec;
}

inline Graph ring(NodeId size) {
  std::vector<Edge> edges;
  for (NodeId node = 0; node < size; ++node) edges.push_back({node, (node + 1) % size});
  return Graph::from_edges(size, edges);
}

}  // namespace tardigrad::test
