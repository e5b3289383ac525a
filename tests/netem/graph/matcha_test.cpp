#include "netem/graph/matcha.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "netem/graph/matchings.hpp"
#include "netem/graph/mixing_weights.hpp"
#include "netem/graph/topology.hpp"
#include "tests/netem/graph/mixed_values.hpp"

namespace tardigrad {
namespace {

Graph built(const std::string& kind, NodeId size, NodeId degree = 0) {
  TopologyResult result = build_topology({kind, degree, ""}, size, 1);
  REQUIRE_MESSAGE(result.error.empty(), result.error);
  return std::move(result.graph);
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

TEST_CASE("matchings have every edge of a graph once, no node twice, and are one more at most than its neighbours") {
  std::vector<Graph> graphs = {Graph::complete(2), Graph::complete(7),       Graph::complete(8),    built("ring", 5),
                               built("torus", 12), built("binary-tree", 20), built("bipartite", 10)};
  for (const NodeId degree : {3U, 4U, 7U, 12U}) graphs.push_back(built("random-regular", 30, degree));
  for (const Graph& graph : graphs) {
    std::set<Edge> all;
    NodeId most = 0;
    for (NodeId node = 0; node < graph.size(); ++node) most = std::max(most, graph.degree(node));
    const auto matchings = matchings_of(graph);
    CHECK(matchings.size() <= most + 1U);
    for (const auto& matching : matchings) {
      CHECK_FALSE(matching.empty());
      std::set<NodeId> nodes;
      for (const auto& [a, b] : matching) {
        CHECK(graph.has_edge(a, b));
        CHECK(all.emplace(std::min(a, b), std::max(a, b)).second);
        CHECK(nodes.insert(a).second);
        CHECK(nodes.insert(b).second);
      }
    }
    CHECK(all.size() == graph.edge_count());
  }
}

TEST_CASE("two nodes meet in the middle whenever they meet") {
  // E[W'W] - J of the one matching is 1 - 4 a p + 4 a^2 p on the difference: least at a = 1/2, 1 - p there.
  const MatchaPlan plan = matcha_plan(Graph::complete(2), 0.3);
  REQUIRE(plan.matchings.size() == 1);
  CHECK(plan.probabilities[0] == doctest::Approx(0.3));
  CHECK(plan.weight == doctest::Approx(0.5).epsilon(1e-6));
  CHECK(plan.contraction == doctest::Approx(0.7));
}

TEST_CASE("with the whole budget every matching is active, and the weight is that of the best constant one") {
  // W = I - a L: the spectrum of a ring's L reaches from 2 - 2 cos(2 pi / n) to 4 for an even n, and 2 / (sum of both)
  // is best.
  const double least = 2 - 2 * std::cos(2 * std::acos(-1.0) / 8);
  const MatchaPlan plan = matcha_plan(built("ring", 8), 1);
  for (const double p : plan.probabilities) CHECK(p == 1);
  CHECK(plan.weight == doctest::Approx(2 / (least + 4)).epsilon(1e-5));
  const double slowest = 1 - plan.weight * least;
  CHECK(plan.contraction == doctest::Approx(slowest * slowest).epsilon(1e-5));
}

TEST_CASE("an edge that alone joins two halves is drawn more often than those within, and the budget is kept") {
  // Two complete graphs of four nodes and a bridge, in a matching of its own or beside few others.
  std::vector<Edge> edges;
  for (NodeId half : {0U, 4U}) {
    for (NodeId a = half; a < half + 4; ++a) {
      for (NodeId b = a + 1; b < half + 4; ++b) edges.emplace_back(a, b);
    }
  }
  edges.emplace_back(3, 4);
  const Graph graph = Graph::from_edges(8, edges);
  const MatchaPlan plan = matcha_plan(graph, 0.5);
  CHECK(sum(plan.probabilities) == doctest::Approx(0.5 * static_cast<double>(plan.matchings.size())));
  double of_bridge = 0;
  for (std::size_t j = 0; j < plan.matchings.size(); ++j) {
    CHECK(plan.probabilities[j] >= 0);
    CHECK(plan.probabilities[j] <= 1);
    const auto& matching = plan.matchings[j];
    if (std::count(matching.begin(), matching.end(), Edge(3, 4)) > 0) of_bridge = plan.probabilities[j];
  }
  // The bridge's matching has all that it can.
  CHECK(of_bridge > 0.99);
  CHECK(plan.contraction < 1);
}

TEST_CASE("rounds have matchings as often as their probabilities say, all edges with the plan's weight") {
  const Graph graph = built("torus", 12);
  const MatchaPlan plan = matcha_plan(graph, 0.5);
  constexpr Round kRounds = 4000;
  std::map<Edge, int> counts;
  for (Round round = 0; round < kRounds; ++round) {
    const Graph drawn = matcha_round(plan, 12, 5, round);
    for (NodeId a = 0; a < 12; ++a) {
      for (const NodeId b : drawn.neighbours(a)) {
        CHECK(mixing_weight(drawn, a, b) == plan.weight);
        if (a < b) ++counts[{a, b}];
      }
    }
  }
  for (std::size_t j = 0; j < plan.matchings.size(); ++j) {
    for (const auto& [a, b] : plan.matchings[j]) {
      const double p = plan.probabilities[j];
      const double spread = std::sqrt(p * (1 - p) / kRounds);
      CHECK(std::abs(counts[{std::min(a, b), std::max(a, b)}] / double{kRounds} - p) <= 5 * spread + 1e-12);
    }
  }
  CHECK(matcha_round(plan, 12, 5, 17) == matcha_round(plan, 12, 5, 17));
}

TEST_CASE("the squared distance to the mean shrinks by the plan's contraction at least, on average") {
  const Graph graph = built("torus", 12);
  const MatchaPlan plan = matcha_plan(graph, 0.5);
  double mean_ratio = 0;
  constexpr Round kRounds = 4000;
  for (Round round = 0; round < kRounds; ++round) {
    std::vector<double> values(12);
    for (NodeId node = 0; node < 12; ++node) values[node] = node % 4 < 2 ? 1 : -1;
    const Graph drawn = matcha_round(plan, 12, 9, round);
    double after = 0;
    for (const double value : test::mixed(drawn, values)) after += value * value;
    mean_ratio += after / 12 / kRounds;
  }
  CHECK(mean_ratio <= plan.contraction + 0.02);
}

}  // namespace tardigrad
