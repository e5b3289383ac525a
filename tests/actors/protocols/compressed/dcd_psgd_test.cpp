#include "actors/protocols/compressed/dcd_psgd.hpp"

#include <doctest/doctest.h>

#include "netem/graph/mixing_weights.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/coarse_codec.hpp"
#include "tests/actors/lockstep.hpp"

namespace tardigrad {
namespace {

using test::check_close;

TEST_CASE("dcd-psgd reproduces five nodes over four rounds (numeric cases)") {
  for (const auto& example : test::vector_cases("dcd_psgd")) {
    const auto count = example["nodes"].get<NodeId>();
    const auto graphs =
        std::make_shared<const GraphSchedule>(Graph::from_edges(count, example["edges"].get<std::vector<Edge>>()));
    const auto codec = std::make_shared<const test::CoarseCodec>();
    test::Lockstep run(
        [&](const FragmentInfo& info) {
          return std::make_unique<DcdPsgd>(info, graphs, Compressor(codec, Compressor::Scale::as_decoded, info, 1));
        },
        example["initial"].get<std::vector<Values>>(), test::gradient_steps(example));
    for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
      run.run_until(round + 1);
      for (NodeId node = 0; node < count; ++node) {
        INFO("round " << round << ", node " << node);
        check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
      }
    }
  }
}

TEST_CASE("what dcd-psgd keeps of its neighbours' models is their weighted sum, after any number of rounds") {
  const Graph graph = Graph::from_edges(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {0, 2}});
  const auto rows = metropolis_hastings_weights(graph);
  CodecSpec four_bits = test::codec("quantizer");
  four_bits.bits = 4;
  test::Lockstep run(test::protocols_of("dcd-psgd", graph, {{"compression", four_bits}}), {5, Values(30, 1.0F)},
                     [](NodeId node, Round round, const Values& model) {
                       Values trained = model;
                       trained[(round + node) % trained.size()] += 0.1F;
                       return trained;
                     });
  run.run_until(200);
  for (NodeId node = 0; node < 5; ++node) {
    std::vector<double> sum(30);
    const auto add = [&](NodeId from, double weight) {
      for (std::size_t p = 0; p < 30; ++p) sum[p] += weight * static_cast<double>(run.model(from)[p]);
    };
    add(node, rows[node].self);
    for (NodeId k = 0; k < graph.degree(node); ++k) add(graph.neighbour(node, k), rows[node].neighbours[k]);
    check_close(dynamic_cast<const DcdPsgd&>(run.protocol(node)).neighbourhood_mean(), sum, 1e-4);
  }
}

TEST_CASE("without compression dcd-psgd and ecd-psgd are d-psgd's combine-then-adapt") {
  const auto steps = [](NodeId node, Round round, const Values& model) {
    Values trained = model;
    trained[(round + node) % trained.size()] += 0.5F;
    return trained;
  };
  for (const char* kind : {"dcd-psgd", "ecd-psgd"}) {
    INFO(kind);
    test::Lockstep run(test::protocols_of(kind, test::ring(6), {{"compression", test::codec("none")}}),
                       {6, Values(8, 1.0F)}, steps);
    test::Lockstep plain(test::protocols_of("d-psgd", test::ring(6), {{"order", std::string("combine-then-adapt")}}),
                         {6, Values(8, 1.0F)}, steps);
    run.run_until(30);
    plain.run_until(30);
    for (NodeId node = 0; node < 6; ++node) {
      check_close(run.model(node), {plain.model(node).begin(), plain.model(node).end()}, 1e-4);
    }
  }
}

TEST_CASE("too coarse a compression makes dcd-psgd diverge, and the run goes on and shows it") {
  CodecSpec one_bit = test::codec("quantizer");
  one_bit.bits = 1;
  test::Lockstep run(test::protocols_of("dcd-psgd", test::ring(6), {{"compression", one_bit}}), {6, Values(50, 1.0F)},
                     [](NodeId node, Round, const Values& model) {
                       Values trained = model;
                       for (std::size_t p = node; p < trained.size(); p += 6) trained[p] += 0.5F;
                       return trained;
                     });
  run.run_until(600);
  for (NodeId node = 0; node < 6; ++node) CHECK_FALSE(std::isfinite(run.model(node)[0]));
}

}  // namespace
}  // namespace tardigrad
