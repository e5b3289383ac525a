#include "netem/graph/base_k.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "tests/netem/graph/mixed_values.hpp"

namespace tardigrad {
using test::mixed;
using Values = std::vector<double>;

TEST_CASE(
    "after its rounds a base-k graph of any number of nodes holds the mean, with no more neighbours than it may") {
  for (const NodeId degree : {1U, 2U, 3U, 4U, 7U}) {
    for (NodeId nodes = 2; nodes <= 70; ++nodes) {
      if (degree >= nodes) continue;
      CAPTURE(degree);
      CAPTURE(nodes);
      const auto rounds = base_k_rounds(nodes, degree);
      CHECK(static_cast<double>(rounds.size()) <= 2 * std::log(nodes) / std::log(degree + 1.0) + 2);
      Values values(nodes);
      for (NodeId node = 0; node < nodes; ++node) values[node] = node * node + 1.0;
      const double mean = std::accumulate(values.begin(), values.end(), 0.0) / nodes;
      for (const std::vector<WeightedEdge>& edges : rounds) {
        const Graph graph = Graph::from_weighted_edges(nodes, edges);
        for (NodeId node = 0; node < nodes; ++node) CHECK(graph.degree(node) <= degree);
        values = mixed(graph, values);
      }
      for (const double value : values) CHECK(value == doctest::Approx(mean).epsilon(1e-12));
    }
  }
}

TEST_CASE("a base-k graph has as many rounds as its paper says") {
  const auto rounds = [](NodeId nodes, NodeId degree) { return base_k_rounds(nodes, degree).size(); };
  // Powers of k + 1 are hypercubes; 5 = 4 + 1 and 6 = 2 * 3 are the paper's examples.
  CHECK(rounds(2, 1) == 1);
  CHECK(rounds(8, 1) == 3);
  CHECK(rounds(5, 1) == 5);
  CHECK(rounds(6, 1) == 4);
  CHECK(rounds(9, 2) == 2);
  CHECK(rounds(12, 2) == 3);
  CHECK(rounds(16, 3) == 2);
  CHECK(rounds(5, 4) == 1);
}

TEST_CASE("the last node of five takes over its share from one of the others, which then have the mean together") {
  const auto rounds = base_k_rounds(5, 1);
  REQUIRE(rounds.size() == 5);
  const auto exchange =
      std::find_if(rounds[2].begin(), rounds[2].end(), [](const WeightedEdge& e) { return e.b == 4; });
  REQUIRE(exchange != rounds[2].end());
  CHECK(exchange->weight == doctest::Approx(0.8));
}

}  // namespace tardigrad
