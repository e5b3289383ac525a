/// Trees over the nodes: undirected graphs with exactly one path between any two nodes.
#pragma once

#include <array>

#include "netem/graph/graph.hpp"

namespace tardigrad {

bool is_tree(const Graph& graph);

/// Joins node i to i + 1, without closing the ring.
Graph chain(NodeId size);

/// Joins node i to its children 2 i + 1 and 2 i + 2.
Graph binary_tree(NodeId size);

/// A binary tree and its mirror image (node i in place of size - 1 - i): inner nodes of one are leaves of the
/// other, so that every node has about the same load over both (Sanders, Speck, Träff: "Two-tree algorithms for
/// full bandwidth broadcast, reduction and scan", 2009).
std::array<Graph, 2> double_binary_trees(NodeId size);

/// The graph with the edges of both.
Graph united(const std::array<Graph, 2>& graphs);

/// The tree of a breadth-first search from node 0 that visits lower neighbours first. Needs a connected,
/// undirected graph.
Graph breadth_first_tree(const Graph& graph);

}  // namespace tardigrad
