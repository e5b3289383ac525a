#include "netem/graph/graph.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "netem/graph/topology.hpp"

using namespace tardigrad;

namespace {

Graph named(const char* kind, NodeId size, NodeId degree = 0) {
  TopologyResult result = build_topology({kind, degree, ""}, size, 1);
  REQUIRE(result.error.empty());
  return result.graph;
}

Graph path_of(NodeId size) {
  std::vector<Edge> edges;
  for (NodeId i = 0; i + 1 < size; ++i) edges.emplace_back(i, i + 1);
  return Graph::from_edges(size, edges);
}

/// Eigenvalues of a ring's Metropolis matrix are 1/3 + 2/3 cos(2 pi k / n).
double ring_gap(NodeId size) {
  double largest = 0;
  for (NodeId k = 1; k < size; ++k) {
    largest = std::max(largest, std::abs(1.0 / 3 + 2.0 / 3 * std::cos(2 * std::acos(-1.0) * k / size)));
  }
  return 1 - largest;
}

}  // namespace

TEST_CASE("neighbours come in ascending order, each once") {
  const Graph graph = Graph::from_edges(5, {{3, 0}, {0, 1}, {1, 0}, {0, 3}, {4, 0}, {1, 2}});
  CHECK(graph.neighbours(0) == std::vector<NodeId>{1, 3, 4});
  CHECK(graph.neighbours(1) == std::vector<NodeId>{0, 2});
  CHECK(graph.neighbour(0, 2) == 4);
  CHECK(graph.degree(0) == 3);
  CHECK(graph.edge_count() == 4);
  CHECK(graph.has_edge(0, 3));
  CHECK(graph.has_edge(3, 0));
  CHECK_FALSE(graph.has_edge(3, 4));
  CHECK_FALSE(graph.has_edge(2, 2));
  CHECK_FALSE(graph.is_complete());
}

TEST_CASE("the implicit complete graph answers like the one written out") {
  const NodeId size = 7;
  std::vector<Edge> edges;
  for (NodeId a = 0; a < size; ++a) {
    for (NodeId b = 0; b < a; ++b) edges.emplace_back(a, b);
  }
  CHECK(Graph::from_edges(size, edges).is_complete());
  edges.pop_back();
  CHECK_FALSE(Graph::from_edges(size, edges).is_complete());

  const Graph graph = Graph::complete(size);
  CHECK(graph.edge_count() == 21);
  CHECK(graph.neighbours(0) == std::vector<NodeId>{1, 2, 3, 4, 5, 6});
  CHECK(graph.neighbours(3) == std::vector<NodeId>{0, 1, 2, 4, 5, 6});
  CHECK(graph.neighbours(6) == std::vector<NodeId>{0, 1, 2, 3, 4, 5});
  CHECK(graph.has_edge(0, 6));
  CHECK_FALSE(graph.has_edge(4, 4));
}

TEST_CASE("a graph of a hundred thousand nodes in which all meet costs nothing") {
  const Graph graph = Graph::complete(100'000);
  CHECK(graph.degree(5) == 99'999);
  CHECK(graph.edge_count() == 4'999'950'000ULL);
  CHECK(diameter(graph) == 1U);
  CHECK(is_connected(graph));
  CHECK_FALSE(bipartition(graph).has_value());
  CHECK(spectral_gap(graph) == 1);
}

TEST_CASE("graphs of no node and of one node are connected and mixed") {
  for (const Graph& graph : {Graph(), Graph::complete(0), Graph::complete(1), Graph::from_edges(1, {})}) {
    CHECK(graph.edge_count() == 0);
    CHECK(is_connected(graph));
    CHECK(diameter(graph) == 0U);
    CHECK(spectral_gap(graph) == 1);
    CHECK(bipartition(graph)->size() == graph.size());
  }
}

TEST_CASE("an edge to itself or to a node that does not exist breaks an invariant") {
  CHECK_THROWS_AS(Graph::from_edges(3, {{1, 1}}), std::invalid_argument);
  CHECK_THROWS_AS(Graph::from_edges(3, {{1, 3}}), std::invalid_argument);
  CHECK_THROWS_AS(Graph::from_edges(0, {{0, 1}}), std::invalid_argument);
}

TEST_CASE("a graph in two pieces is not connected, has no diameter and does not mix") {
  const Graph graph = Graph::from_edges(5, {{0, 1}, {1, 2}, {3, 4}});
  CHECK_FALSE(is_connected(graph));
  CHECK_FALSE(diameter(graph).has_value());
  CHECK(spectral_gap(graph) == 0);
  CHECK_FALSE(is_connected(Graph::from_edges(2, {})));
}

TEST_CASE("the diameter is the longest of the shortest paths") {
  CHECK(diameter(path_of(9)) == 8U);
  CHECK(diameter(named("ring", 9)) == 4U);
  CHECK(diameter(named("ring", 10)) == 5U);
  CHECK(diameter(named("torus", 30)) == 5U);  // 5 x 6: 2 + 3
  CHECK(diameter(named("bipartite", 10)) == 2U);
  // The far end of a path hanging off a ring is not seen from node 0 first.
  CHECK(diameter(Graph::from_edges(6, {{0, 1}, {1, 2}, {2, 0}, {1, 3}, {2, 4}, {4, 5}})) == 4U);
}

TEST_CASE("the diameter is found whichever node its ends are") {
  // More nodes than one word of searches: a ring with a tail, whose numbers start and end anywhere.
  for (const NodeId shift : {0U, 1U, 63U, 64U, 100U, 149U}) {
    CAPTURE(shift);
    std::vector<Edge> edges;
    const auto id = [shift](NodeId i) { return (i + shift) % 150; };
    for (NodeId i = 0; i < 100; ++i) edges.emplace_back(id(i), id((i + 1) % 100));
    edges.emplace_back(id(0), id(100));
    for (NodeId i = 100; i < 149; ++i) edges.emplace_back(id(i), id(i + 1));
    CHECK(diameter(Graph::from_edges(150, edges)) == 100U);  // half the ring and the tail's 50
  }
}

TEST_CASE("even rings have two sides and odd rings have none") {
  const auto sides = bipartition(named("ring", 8));
  REQUIRE(sides.has_value());
  for (NodeId i = 0; i < 8; ++i) CHECK((*sides)[i] == i % 2);
  CHECK_FALSE(bipartition(named("ring", 9)).has_value());
  CHECK(bipartition(Graph::complete(2)) == std::vector<std::uint8_t>{0, 1});
  CHECK_FALSE(bipartition(Graph::complete(3)).has_value());
}

TEST_CASE("the lowest node of every piece is on side 0") {
  CHECK(bipartition(Graph::from_edges(6, {{5, 0}, {4, 1}, {4, 3}})) == std::vector<std::uint8_t>{0, 0, 0, 0, 1, 1});
}

TEST_CASE("the spectral gap of a ring is its closed form") {
  for (const NodeId size : {4U, 5U, 6U, 7U, 8U, 20U, 60U, 101U, 1000U}) {
    CAPTURE(size);
    CHECK(spectral_gap(named("ring", size)) == doctest::Approx(ring_gap(size)).epsilon(1e-7));
  }
}

TEST_CASE("negative eigenvalues count in the spectral gap") {
  // A complete bipartite graph of degree 4 has eigenvalues 1, 1/5 and (1 - 4) / 5 = -0.6.
  CHECK(spectral_gap(named("bipartite", 8)) == doctest::Approx(0.4).epsilon(1e-9));
}

TEST_CASE("the spectral gap of a star and of a torus are their closed forms") {
  // Every edge of a star of n nodes weighs 1/n: eigenvalues 1 - 1/n (n - 2 times) and 0.
  CHECK(spectral_gap(Graph::from_edges(9, {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}, {0, 6}, {0, 7}, {0, 8}})) ==
        doctest::Approx(1.0 / 9).epsilon(1e-9));
  // 5 x 6: 1/5 + 2/5 (cos(2 pi j / 5) + cos(2 pi k / 6)), largest modulus at j = 0, k = 1.
  CHECK(spectral_gap(named("torus", 30)) == doctest::Approx(0.2).epsilon(1e-9));
}

TEST_CASE("hops count from the nearest source, along the arcs of a directed graph") {
  using Hops = std::vector<std::optional<std::uint32_t>>;
  CHECK(hops_from(path_of(6), {0, 4}) == Hops{0, 1, 2, 1, 0, 1});
  CHECK(hops_from(Graph::from_arcs(4, {{0, 1}, {1, 2}, {3, 0}}), {0}) == Hops{0, 1, 2, std::nullopt});
  CHECK(hops_from(Graph::complete(3), {1}) == Hops{1, 0, 1});
  CHECK(hops_from(Graph::complete(2), {}) == Hops{std::nullopt, std::nullopt});
}

TEST_CASE("edges may have weights of their own, each one, the same both ways") {
  const Graph graph = Graph::from_weighted_edges(3, {{2, 0, 0.25}, {0, 1, 0.5}});
  CHECK(graph.has_weights());
  CHECK_FALSE(graph.is_complete());
  CHECK(graph.neighbours(0) == std::vector<NodeId>{1, 2});
  CHECK(graph.weight_of(0, 1) == 0.5);
  CHECK(graph.weight_of(1, 0) == 0.5);
  CHECK(graph.weight_of(0, 2) == 0.25);
  CHECK(graph.weight_of(1, 2) == 0);
  CHECK_FALSE(graph == Graph::from_edges(3, {{2, 0}, {0, 1}}));
  CHECK_FALSE(graph == Graph::from_weighted_edges(3, {{2, 0, 0.5}, {0, 1, 0.5}}));
  // All pairs: still a graph with weights, which a complete one has not.
  CHECK(Graph::from_weighted_edges(2, {{0, 1, 0.3}}).weight_of(1, 0) == 0.3);
  CHECK_THROWS_AS(Graph::from_weighted_edges(3, {{0, 1, 0.5}, {1, 0, 0.5}}), std::invalid_argument);
  CHECK_THROWS_AS(Graph::from_weighted_edges(3, {{0, 3, 0.5}}), std::invalid_argument);
  CHECK_FALSE(Graph::from_weighted_edges(3, {}).has_edge(0, 1));
}
