/// A graph over the nodes: who may talk to whom.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

using Edge = std::pair<NodeId, NodeId>;

/// An edge with its entry in a symmetric mixing matrix.
struct WeightedEdge {
  NodeId a = 0;
  NodeId b = 0;
  double weight = 0;
};

/// Neighbours are in ascending order; in a directed graph they are the nodes to which a node sends. The
/// complete graph is stored as its size only, so that ten thousand nodes do not cost a hundred million entries.
/// A default graph has no nodes.
class Graph {
 public:
  static Graph complete(NodeId size);
  /// Duplicate edges (in either direction) count once. With every pair present the result is the complete
  /// graph. Self loops and ids >= size break an invariant (std::invalid_argument).
  static Graph from_edges(NodeId size, const std::vector<Edge>& edges);

  /// A directed graph with an arc from the first to the second node of each pair; duplicates count once.
  static Graph from_arcs(NodeId size, const std::vector<Edge>& arcs);

  /// An undirected graph that says by itself how its nodes average (`mixing_weight`). Each edge may be there once
  /// (std::invalid_argument).
  static Graph from_weighted_edges(NodeId size, const std::vector<WeightedEdge>& edges);

  NodeId size() const { return size_; }
  bool has_weights() const { return !weights_.empty(); }
  bool is_directed() const { return !source_offsets_.empty(); }
  bool is_complete() const { return complete_; }
  NodeId degree(NodeId node) const;
  /// The k-th neighbour in ascending order, k < degree(node).
  NodeId neighbour(NodeId node, NodeId k) const;
  /// Needs a graph with weights; 0 if it has no such edge.
  double weight_of(NodeId a, NodeId b) const;
  std::vector<NodeId> neighbours(NodeId node) const;
  /// The nodes that have `node` as a neighbour, ascending: in an undirected graph, its neighbours.
  std::vector<NodeId> sources(NodeId node) const;
  /// Also false for nodes that do not exist.
  bool has_edge(NodeId a, NodeId b) const;
  /// Counts arcs in a directed graph.
  std::uint64_t edge_count() const;
  /// True if both graphs have the same nodes, edges and weights.
  friend bool operator==(const Graph& a, const Graph& b);

 private:
  /// Stores all pairs, also of a complete graph.
  static Graph undirected(NodeId size, const std::vector<Edge>& edges);
  /// The arc's place in `targets_`; nothing if there is none. Needs a graph that is not stored as its size only.
  std::optional<std::size_t> place_of(NodeId from, NodeId to) const;

  NodeId size_ = 0;
  bool complete_ = true;
  std::vector<std::uint64_t> offsets_;  // compressed rows
  std::vector<NodeId> targets_;
  std::vector<double> weights_;                // of the same arcs; empty: none
  std::vector<std::uint64_t> source_offsets_;  // directed graphs only
  std::vector<NodeId> sources_;
};

/// True if every node is reachable from every other.
bool is_connected(const Graph& graph);

/// Sides (0 or 1) by node such that every edge joins both sides, with the lowest node of each component on side
/// 0; nothing if an odd cycle forbids it. Needs an undirected graph.
std::optional<std::vector<std::uint8_t>> bipartition(const Graph& graph);

/// The longest shortest path, in hops (along the arcs of a directed graph); nothing if the graph is not
/// connected. Exact: a breadth-first search from every node, O(nodes * edges) at worst, but O(1) for the
/// complete graph.
std::optional<std::uint32_t> diameter(const Graph& graph);

/// For each node the hops from the nearest of `sources` (along the arcs of a directed graph); nothing for
/// unreachable nodes. Needs sources below graph.size().
std::vector<std::optional<std::uint32_t>> hops_from(const Graph& graph, const std::vector<NodeId>& sources);

/// 1 - |second largest eigenvalue| of the Metropolis-Hastings matrix of the graph (W_ij = 1 / (1 + max(deg_i,
/// deg_j))): 0 means no mixing, 1 means that one step reaches the mean. Found by Lanczos iteration (power
/// iteration fails for a long ring, whose eigenvalues lie too close together), and in closed form for the
/// complete graph. 1 for fewer than two nodes. Needs an undirected graph.
double spectral_gap(const Graph& graph);

}  // namespace tardigrad
