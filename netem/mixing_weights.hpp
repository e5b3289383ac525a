/// Averaging weights on a graph.
#pragma once

#include <algorithm>
#include <vector>

#include "netem/graph.hpp"

namespace tardigrad {

/// One node's row of a mixing matrix. `neighbours[k]` is the weight of graph.neighbour(node, k);
/// self and neighbours sum to one.
struct MixingRow {
  double self = 1;
  std::vector<double> neighbours;
};

/// Metropolis-Hastings: W_ij = 1 / (1 + max(deg_i, deg_j)). Of an undirected graph.
inline double metropolis_hastings_weight(const Graph& graph, NodeId i, NodeId j) {
  return 1 / (1.0 + std::max(graph.degree(i), graph.degree(j)));
}
std::vector<MixingRow> metropolis_hastings_weights(const Graph& graph);

/// SWIFT's communication coefficient selection for uniform influence scores (Bornstein et al.,
/// ICLR 2023, algorithm 2) as released. Rows sum to one, but w_ij != w_ji may remain between nodes of
/// equal degree, and weights around hubs may turn negative: a node of low degree whose neighbours'
/// other neighbours are all hubs is offered more than it has.
std::vector<MixingRow> ccs_weights_as_released(const Graph& graph);

/// The same, made symmetric: w_ij = w_ji = the smaller of the two, the rest goes to the node itself.
/// Never negative: a graph on which the released rule leaves an edge without a positive weight, or a
/// node with a negative one for itself, gets Metropolis-Hastings weights instead.
std::vector<MixingRow> ccs_weights(const Graph& graph);

}  // namespace tardigrad
