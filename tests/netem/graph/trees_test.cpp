#include "netem/graph/trees.hpp"

#include <doctest/doctest.h>

#include "netem/graph/topology.hpp"

using namespace tardigrad;

TEST_CASE("a chain is a ring that is open, a binary tree has two nodes below each") {
  CHECK(chain(3) == Graph::from_edges(3, {{0, 1}, {1, 2}}));
  CHECK(binary_tree(6) == Graph::from_edges(6, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}}));
  for (NodeId size = 1; size < 40; ++size) {
    CHECK(is_tree(chain(size)));
    CHECK(is_tree(binary_tree(size)));
  }
}

TEST_CASE("a tree has one way between any two nodes") {
  CHECK_FALSE(is_tree(Graph::from_edges(3, {{0, 1}, {1, 2}, {2, 0}})));
  CHECK_FALSE(is_tree(Graph::from_edges(4, {{0, 1}, {1, 2}, {2, 0}})));  // as many edges, and node 3 alone
  CHECK_FALSE(is_tree(Graph::from_arcs(3, {{0, 1}, {1, 2}})));
  CHECK_FALSE(is_tree(Graph::complete(4)));
}

TEST_CASE("inner nodes of one of two double binary trees are leaves of the other") {
  for (NodeId size = 3; size < 40; ++size) {
    const auto [tree, mirrored] = double_binary_trees(size);
    CHECK(is_tree(mirrored));
    CHECK(diameter(tree) == diameter(mirrored));
    for (NodeId node = 0; node < size; ++node) {
      const bool inner = tree.degree(node) > 1;
      const bool inner_mirrored = mirrored.degree(node) > 1;
      CHECK_FALSE((inner && inner_mirrored));
    }
    const Graph both = united({tree, mirrored});
    CHECK(both.has_edge(0, 1));
    CHECK(both.has_edge(size - 1, size - 2));
    CHECK(both.edge_count() <= 2 * (std::uint64_t{size} - 1));
  }
}

TEST_CASE("a breadth-first tree is a shortest way from node 0 to everyone") {
  CHECK(breadth_first_tree(Graph::complete(4)) == Graph::from_edges(4, {{0, 1}, {0, 2}, {0, 3}}));
  CHECK(breadth_first_tree(Graph::from_edges(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}})) ==
        Graph::from_edges(5, {{0, 1}, {0, 4}, {1, 2}, {4, 3}}));
  const Graph torus = build_topology({"torus", 0, ""}, 60, 1).graph;
  const Graph tree = breadth_first_tree(torus);
  CHECK(is_tree(tree));
  for (NodeId node = 0; node < 60; ++node) {
    for (const NodeId neighbour : tree.neighbours(node)) CHECK(torus.has_edge(node, neighbour));
  }
}
