#include "actors/protocols/compressed/ecd_psgd.hpp"

#include <doctest/doctest.h>

#include "netem/graph/mixing_weights.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/coarse_codec.hpp"
#include "tests/actors/lockstep.hpp"

namespace tardigrad {
namespace {

using test::check_close;

TEST_CASE("ecd-psgd reproduces five nodes over four rounds, models and estimates (numeric cases)") {
  for (const auto& example : test::vector_cases("ecd_psgd")) {
    const auto count = example["nodes"].get<NodeId>();
    const Graph graph = Graph::from_edges(count, example["edges"].get<std::vector<Edge>>());
    const auto rows = metropolis_hastings_weights(graph);
    const auto graphs = std::make_shared<const GraphSchedule>(graph);
    const auto codec = std::make_shared<const test::CoarseCodec>();
    test::Lockstep run(
        [&](const FragmentInfo& info) {
          return std::make_unique<EcdPsgd>(info, graphs, Compressor(codec, Compressor::Scale::as_decoded, info, 1));
        },
        example["initial"].get<std::vector<Values>>(), test::gradient_steps(example));
    for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
      run.run_until(round + 1);
      const auto estimates = example["estimates_after_round"][round].get<std::vector<std::vector<double>>>();
      for (NodeId node = 0; node < count; ++node) {
        INFO("round " << round << ", node " << node);
        check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
        std::vector<double> sum(estimates[node].size());
        for (std::size_t p = 0; p < sum.size(); ++p) {
          sum[p] = rows[node].self * estimates[node][p];
          for (NodeId k = 0; k < graph.degree(node); ++k) {
            sum[p] += rows[node].neighbours[k] * estimates[graph.neighbour(node, k)][p];
          }
        }
        check_close(dynamic_cast<const EcdPsgd&>(run.protocol(node)).neighbourhood_mean(), sum);
      }
    }
  }
}

TEST_CASE("with eight bits ecd-psgd brings nodes that pull apart as near to each other as d-psgd does") {
  const auto steps = [](NodeId node, Round, const Values& model) {
    Values trained = model;
    for (std::size_t p = 0; p < trained.size(); ++p) {
      trained[p] -= 0.05F * (trained[p] - static_cast<float>(node) - static_cast<float>(p % 7));
    }
    return trained;
  };
  test::Lockstep run(test::protocols_of("ecd-psgd", test::ring(6)), {6, Values(50, 0.0F)}, steps);
  test::Lockstep plain(test::protocols_of("d-psgd", test::ring(6), {{"order", std::string("combine-then-adapt")}}),
                       {6, Values(50, 0.0F)}, steps);
  run.run_until(400);
  plain.run_until(400);
  for (NodeId node = 0; node < 6; ++node) {
    check_close(run.model(node), {plain.model(node).begin(), plain.model(node).end()}, 0.15);
  }
}

}  // namespace
}  // namespace tardigrad
