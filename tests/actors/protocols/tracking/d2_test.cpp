#include "actors/protocols/tracking/d2.hpp"

#include "netem/graph/mixing_weights.hpp"
#include "tests/actors/protocols/tracking/tracked_runs.hpp"

namespace tardigrad {
namespace {

const Values& correction(test::Lockstep& run, NodeId node) {
  return static_cast<const D2&>(run.protocol(node)).correction();
}

TEST_CASE("d2: models and corrections over five rounds, with W and with (I + W) / 2 (numeric cases)") {
  for (const auto& file : test::vector_cases("d2")) {
    for (const auto& expected : file["cases"]) {
      const std::string half = expected["options"]["half_lazy"].get<bool>() ? "always" : "never";
      const NodeId nodes = expected["nodes"];
      test::Lockstep run(test::on_graph_of(expected, "d2", {{"half", half}}), test::first_rows(file["initial"], nodes),
                         test::updates_of(file));
      for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < nodes; ++node) {
          INFO(half << ", round " << round << ", node " << node);
          test::check_close(run.model(node), expected["after_round"][round][node].get<std::vector<double>>());
          test::check_close(correction(run, node), expected["c_after_round"][round][node].get<std::vector<double>>());
        }
        CHECK(test::largest_sum(run, [&](NodeId node) { return correction(run, node); }) < 1e-5);
      }
    }
  }
}

TEST_CASE("d2 halves its weights by itself where they ask for it, and so brings nodes to the common optimum") {
  for (const auto& file : test::vector_cases("d2")) {
    for (const auto& expected : file["cases"]) {
      const auto& quadratic = expected["quadratic"];
      CHECK(test::distance_after_quadratic(quadratic, test::on_graph_of(expected, "d2")) < 5e-5);
      CHECK(test::distance_after_quadratic(quadratic, test::on_graph_of(expected, "d-psgd")) > 0.1);
    }
  }
}

TEST_CASE("the least eigenvalue of Metropolis-Hastings weights is known in closed form on some graphs") {
  // Complete: all weights 1 / n. Rings: (1 + 2 cos(2 pi k / n)) / 3. Bipartite of degree k: (1 - k) / (1 + k).
  CHECK(std::abs(least_eigenvalue(test::ring(3))) < 1e-6);
  CHECK(least_eigenvalue(test::ring(8)) == doctest::Approx(-1.0 / 3));
  CHECK(least_eigenvalue(test::ring(5)) == doctest::Approx((1 + 2 * std::cos(4 * std::acos(-1.0) / 5)) / 3));
  std::vector<Edge> edges;
  for (NodeId a = 0; a < 3; ++a) {
    for (NodeId b = 3; b < 6; ++b) edges.push_back({a, b});
  }
  CHECK(least_eigenvalue(Graph::from_edges(6, edges)) == doctest::Approx(-0.5));
  for (const auto& file : test::vector_cases("d2")) {
    for (const auto& expected : file["cases"]) {
      const Graph graph = Graph::from_edges(expected["nodes"], expected["edges"].get<std::vector<Edge>>());
      CHECK(least_eigenvalue(graph) == doctest::Approx(expected["least_eigenvalue_of_metropolis"].get<double>()));
    }
  }
}

TEST_CASE("d2 that must not halve its weights refuses a graph on which models would not come together") {
  const Algorithm& d2 = *find_algorithm("d2");
  AlgorithmOptions options(d2.options);
  CHECK(d2.objection(options, test::ring(8)).empty());
  options.set("half", std::string("never"));
  CHECK(d2.objection(options, test::ring(7)).empty());
  CHECK(d2.objection(options, test::ring(8)).find("least eigenvalue of this graph's weights is -0.333") !=
        std::string::npos);
}

}  // namespace
}  // namespace tardigrad
