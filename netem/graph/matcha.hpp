/// Matchings of a graph that are drawn every round, those more often that join it best.
#pragma once

#include <cstdint>
#include <vector>

#include "netem/graph/graph.hpp"

namespace tardigrad {

/// MATCHA (Wang, Sahu, Yang, Joshi and Kar, "MATCHA: Speeding up decentralized SGD via matching decomposition
/// sampling", arXiv 1905.09435): round t has matching j with probability p_j, independently, and averages by W = I - a
/// sum_j L_j over its matchings, L_j their Laplacian matrices.
struct MatchaPlan {
  std::vector<std::vector<Edge>> matchings;
  std::vector<double> probabilities;  ///< p_j
  double weight = 0;                  ///< a
  /// |E[W'W] - 11'/n|: the distance to the mean shrinks on average at least by its root a round.
  double contraction = 1;
};

inline constexpr NodeId kMostMatchaNodes = 256;

/// p maximises the second smallest eigenvalue of sum_j p_j L_j with sum_j p_j = budget * matchings and 0 <= p_j <= 1
/// (the paper's equation 5), by projected supergradients from equal ones, which it is never below; a minimises
/// |E[W'W] - 11'/n| (its equation 8). Needs a connected undirected graph of 2 to `kMostMatchaNodes` nodes and a budget
/// above 0 and at most 1. The same on every machine.
MatchaPlan matcha_plan(const Graph& graph, double budget);

/// The graph of a round, drawn from the seed; it may have no edge at all.
Graph matcha_round(const MatchaPlan& plan, NodeId nodes, std::uint64_t seed, Round round);

}  // namespace tardigrad
