/// Trees over the nodes: undirected graphs with exactly one way between any two.
#pragma once

#include <array>

#include "netem/graph.hpp"

namespace tardigrad {

bool is_tree(const Graph& graph);

/// Node i next to i + 1, and no way round.
Graph chain(NodeId size);

/// Node i above 2 i + 1 and 2 i + 2.
Graph binary_tree(NodeId size);

/// A binary tree and its mirror image (node i in place of size - 1 - i): inner nodes of one are leaves of the other, so
/// that over both every node has about the same to do (Sanders, Speck, Träff: "Two-tree algorithms for full bandwidth
/// broadcast, reduction and scan", 2009).
std::array<Graph, 2> double_binary_trees(NodeId size);

/// The edges of all of them.
Graph united(const std::array<Graph, 2>& graphs);

/// Of a connected, undirected graph: what a breadth-first search from node 0 goes along, lower neighbours first.
Graph breadth_first_tree(const Graph& graph);

}  // namespace tardigrad
