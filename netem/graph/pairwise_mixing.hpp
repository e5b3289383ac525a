/// How fast exchanges of pairs mix over a graph.
#pragma once

#include <functional>

#include "netem/graph/graph.hpp"

namespace tardigrad {

/// chi_1 and chi_2 of A2CiD2 (Nabli, Belilovsky, Oyallon, NeurIPS 2023, arXiv 2306.08289), in units of the time in
/// which rates are counted. chi_2 <= chi_1: equal on complete graphs, far apart on rings.
struct PairwiseMixing {
  double chi_1 = 0;  ///< 1 / the least positive eigenvalue of the Laplacian L = sum of rate_ij (e_i - e_j)(e_i - e_j)^T
  double chi_2 = 0;  ///< half the largest effective resistance (e_i - e_j)^T L^+ (e_i - e_j) of an edge
};

/// `rate(i, j)` is the number of exchanges over the edge {i, j}, i < j, in a unit of time, above 0. Needs a connected
/// undirected graph of at least two nodes; takes time of O(nodes^3) and memory of O(nodes^2).
PairwiseMixing pairwise_mixing(const Graph& graph, const std::function<double(NodeId i, NodeId j)>& rate);

}  // namespace tardigrad
