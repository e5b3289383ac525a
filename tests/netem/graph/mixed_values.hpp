/// Averaging over a graph, of one number a node.
#pragma once

#include <vector>

#include "netem/graph/graph.hpp"
#include "netem/graph/mixing_weights.hpp"

namespace tardigrad::test {

/// The nodes' values after a round.
inline std::vector<double> mixed(const Graph& graph, const std::vector<double>& values) {
  std::vector<double> result(values.size());
  for (NodeId i = 0; i < graph.size(); ++i) {
    double self = 1;
    for (const NodeId j : graph.neighbours(i)) {
      result[i] += mixing_weight(graph, i, j) * values[j];
      self -= mixing_weight(graph, i, j);
    }
    result[i] += self * values[i];
  }
  return result;
}

}  // namespace tardigrad::test
