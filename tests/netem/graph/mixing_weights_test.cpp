#include "netem/graph/mixing_weights.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "netem/base/random_stream.hpp"
#include "netem/graph/topology.hpp"

using namespace tardigrad;

namespace {

using Weights = std::vector<MixingRow>;

double weight(const Graph& graph, const Weights& weights, NodeId i, NodeId j) {
  if (i == j) return weights[i].self;
  const std::vector<NodeId> neighbours = graph.neighbours(i);
  const auto at = std::find(neighbours.begin(), neighbours.end(), j);
  return at == neighbours.end() ? 0 : weights[i].neighbours[static_cast<std::size_t>(at - neighbours.begin())];
}

void check_matrix(const Graph& graph, const Weights& weights, const std::vector<std::vector<double>>& expected) {
  for (NodeId i = 0; i < graph.size(); ++i) {
    for (NodeId j = 0; j < graph.size(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK(weight(graph, weights, i, j) == doctest::Approx(expected[i][j]).epsilon(1e-14));
    }
  }
}

bool is_symmetric(const Graph& graph, const Weights& weights) {
  for (NodeId i = 0; i < graph.size(); ++i) {
    for (const NodeId j : graph.neighbours(i)) {
      if (std::abs(weight(graph, weights, i, j) - weight(graph, weights, j, i)) > 1e-12) return false;
    }
  }
  return true;
}

bool rows_sum_to_one(const Weights& weights) {
  return std::all_of(weights.begin(), weights.end(), [](const MixingRow& row) {
    double sum = row.self;
    for (const double w : row.neighbours) sum += w;
    return std::abs(sum - 1) < 1e-12;
  });
}

bool is_positive(const Weights& weights) {
  return std::all_of(weights.begin(), weights.end(), [](const MixingRow& row) {
    return row.self >= 0 && std::all_of(row.neighbours.begin(), row.neighbours.end(), [](double w) { return w > 0; });
  });
}

/// Connected graphs of 4 to 9 nodes, each edge present with probability 0.4.
std::vector<Graph> random_graphs(std::size_t count) {
  RandomStream stream(1, Purpose::test);
  std::vector<Graph> graphs;
  while (graphs.size() < count) {
    const auto size = static_cast<NodeId>(4 + stream.below(6));
    std::vector<Edge> edges;
    for (NodeId a = 0; a < size; ++a) {
      for (NodeId b = 0; b < a; ++b) {
        if (stream.uniform() < 0.4) edges.emplace_back(a, b);
      }
    }
    Graph graph = Graph::from_edges(size, edges);
    if (is_connected(graph)) graphs.push_back(std::move(graph));
  }
  return graphs;
}

/// Node 0 has three neighbours whose other neighbours, 4 to 6, are hubs with 27 leaves each.
Graph three_hubs() {
  std::vector<Edge> edges;
  for (NodeId middle = 1; middle <= 3; ++middle) {
    edges.emplace_back(0, middle);
    for (NodeId hub = 4; hub <= 6; ++hub) edges.emplace_back(middle, hub);
  }
  for (NodeId leaf = 7; leaf < 7 + 3 * 27; ++leaf) edges.emplace_back(leaf, 4 + leaf % 3);
  return Graph::from_edges(7 + 3 * 27, edges);
}

const std::vector<Edge> kFiveNodes = {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {3, 4}};
const std::vector<Edge> kSixNodes = {{0, 2}, {0, 4}, {1, 2}, {1, 4}, {1, 5}, {2, 3}, {2, 5}, {3, 4}, {3, 5}};

}  // namespace

TEST_CASE("Metropolis-Hastings weighs an edge by the larger degree of its ends") {
  const Graph graph = Graph::from_edges(5, kFiveNodes);
  check_matrix(graph, metropolis_hastings_weights(graph),
               {{1.0 / 4, 1.0 / 4, 1.0 / 4, 1.0 / 4, 0},
                {1.0 / 4, 5.0 / 12, 1.0 / 3, 0, 0},
                {1.0 / 4, 1.0 / 3, 5.0 / 12, 0, 0},
                {1.0 / 4, 0, 0, 5.0 / 12, 1.0 / 3},
                {0, 0, 0, 1.0 / 3, 2.0 / 3}});
}

TEST_CASE("SWIFT's coefficients on the five-node graph are the known ones") {
  const Graph graph = Graph::from_edges(5, kFiveNodes);
  const std::vector<std::vector<double>> expected = {{1.0 / 4, 1.0 / 4, 1.0 / 4, 1.0 / 4, 0},
                                                     {1.0 / 4, 3.0 / 8, 3.0 / 8, 0, 0},
                                                     {1.0 / 4, 3.0 / 8, 3.0 / 8, 0, 0},
                                                     {1.0 / 4, 0, 0, 3.0 / 8, 3.0 / 8},
                                                     {0, 0, 0, 3.0 / 8, 5.0 / 8}};
  check_matrix(graph, ccs_weights_as_released(graph), expected);
  check_matrix(graph, ccs_weights(graph), expected);
}

TEST_CASE("SWIFT's released rule leaves two neighbours of equal degree with different weights, ours does not") {
  const Graph graph = Graph::from_edges(6, kSixNodes);
  const Weights released = ccs_weights_as_released(graph);
  CHECK(weight(graph, released, 1, 5) == doctest::Approx(1.0 / 4).epsilon(1e-14));
  CHECK(weight(graph, released, 5, 1) == doctest::Approx(4.0 / 15).epsilon(1e-14));
  CHECK(rows_sum_to_one(released));
  const Weights symmetric = ccs_weights(graph);
  CHECK(weight(graph, symmetric, 1, 5) == doctest::Approx(1.0 / 4).epsilon(1e-14));
  CHECK(weight(graph, symmetric, 5, 1) == weight(graph, symmetric, 1, 5));
}

TEST_CASE("on random graphs all weights are positive and symmetric and all rows sum to one") {
  int asymmetric = 0;
  const std::vector<Graph> graphs = random_graphs(2000);
  for (const Graph& graph : graphs) {
    const Weights released = ccs_weights_as_released(graph);
    const Weights symmetric = ccs_weights(graph);
    const Weights metropolis = metropolis_hastings_weights(graph);
    CHECK(rows_sum_to_one(released));
    CHECK(rows_sum_to_one(symmetric));
    CHECK(rows_sum_to_one(metropolis));
    CHECK(is_positive(released));
    CHECK(is_positive(symmetric));
    CHECK(is_positive(metropolis));
    CHECK(is_symmetric(graph, symmetric));
    CHECK(is_symmetric(graph, metropolis));
    if (!is_symmetric(graph, released)) ++asymmetric;
  }
  // 5.9 % in a survey of 12,659 such graphs.
  CHECK(asymmetric > 60);
  CHECK(asymmetric < 180);
}

TEST_CASE("on a regular graph every rule gives 1 / (degree + 1)") {
  for (const Graph& graph : {build_topology({"random-regular", 4, ""}, 30, 1).graph, Graph::complete(5)}) {
    for (const Weights& weights :
         {metropolis_hastings_weights(graph), ccs_weights_as_released(graph), ccs_weights(graph)}) {
      for (const MixingRow& row : weights) {
        CHECK(row.self == doctest::Approx(0.2));
        for (const double w : row.neighbours) CHECK(w == doctest::Approx(0.2));
      }
    }
  }
}

TEST_CASE("where SWIFT's rule would give a node a negative weight for itself, Metropolis-Hastings steps in") {
  const Graph graph = three_hubs();
  // A hub has degree 30 and gives 1/31; nodes 1 to 3 each offer node 0 half of what is left, 14/31.
  CHECK(ccs_weights_as_released(graph)[0].self == doctest::Approx(-11.0 / 31));
  const Weights weights = ccs_weights(graph);
  CHECK(is_positive(weights));
  CHECK(is_symmetric(graph, weights));
  CHECK(weight(graph, weights, 0, 1) == doctest::Approx(1.0 / 5));
}

TEST_CASE("a node alone keeps its own model") {
  for (const Weights& weights : {metropolis_hastings_weights(Graph::complete(1)), ccs_weights(Graph::complete(1)),
                                 ccs_weights(Graph::from_edges(2, {}))}) {
    CHECK(weights[0].self == 1);
    CHECK(weights[0].neighbours.empty());
  }
}
