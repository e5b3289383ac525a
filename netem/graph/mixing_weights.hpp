/// Weights for averaging over a graph.
#pragma once

#include <algorithm>
#include <vector>

#include "netem/graph/graph.hpp"

namespace tardigrad {

/// One node's row of a mixing matrix. `neighbours[k]` is the weight of graph.neighbour(node, k); the weights of
/// the node itself and its neighbours sum to one.
struct MixingRow {
  double self = 1;
  std::vector<double> neighbours;
};

/// Metropolis-Hastings weights: W_ij = 1 / (1 + max(deg_i, deg_j)). Needs an undirected graph.
inline double metropolis_hastings_weight(const Graph& graph, NodeId i, NodeId j) {
  return 1 / (1.0 + std::max(graph.degree(i), graph.degree(j)));
}
std::vector<MixingRow> metropolis_hastings_weights(const Graph& graph);
/// The weight of an edge in averaging over the graph: its own, or else that of Metropolis and Hastings.
double mixing_weight(const Graph& graph, NodeId i, NodeId j);

/// The least eigenvalue of the matrix of Metropolis-Hastings weights, at most 0.01 too large on graphs of up to 10,000
/// nodes (by `largest_eigenvalue` of I - W).
double least_eigenvalue(const Graph& graph);

/// SWIFT's communication coefficient selection (CCS) for uniform influence scores (Bornstein et al., ICLR 2023,
/// algorithm 2), as the authors released it. Nodes decide by descending degree. A node takes over w_ij = w_ji
/// from neighbours of larger degree; with r undecided neighbours it proposes p_i = (1 - sum of weights taken
/// over) / (r + 1) for each of them. A node that took over weights uses the smallest proposal among itself and
/// its undecided neighbours of equal degree instead. w_ii is 1 minus the others. Rows sum to one, but w_ij !=
/// w_ji may remain between nodes of equal degree, and weights around hubs may turn negative: a node of low
/// degree whose neighbours' other neighbours are all hubs is offered more than it has.
std::vector<MixingRow> ccs_weights_as_released(const Graph& graph);

/// CCS weights made symmetric: w_ij = w_ji = the smaller of the two, and the rest goes to the node itself.
/// Never negative: if the released rule leaves an edge without a positive weight, or a node with a negative one
/// for itself, the graph gets Metropolis-Hastings weights instead.
std::vector<MixingRow> ccs_weights(const Graph& graph);

}  // namespace tardigrad
