#include "actors/protocols/compressed/choco_sgd.hpp"

#include <doctest/doctest.h>

#include "netem/graph/mixing_weights.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/crosschecked_cases.hpp"

namespace tardigrad {
namespace {

using test::check_close;

Graph path_of_three() { return Graph::from_edges(3, {{0, 1}, {1, 2}}); }

const ChocoSgd& choco(test::Lockstep& run, NodeId node) { return dynamic_cast<const ChocoSgd&>(run.protocol(node)); }

CodecSpec top(double fraction) { return test::codec("top-k", fraction); }

TEST_CASE("choco-sgd reproduces five nodes over four rounds (numeric cases)") {
  for (const auto& example : test::vector_cases("choco_sgd")) {
    const auto count = example["nodes"].get<NodeId>();
    const double fraction = example["k"].get<double>() / example["parameters"].get<double>();
    test::Lockstep run(
        test::protocols_of("choco-sgd", Graph::from_edges(count, example["edges"].get<std::vector<Edge>>()),
                           {{"gamma", example["gamma"].get<double>()}, {"compression", top(fraction)}}),
        example["initial"].get<std::vector<Values>>(), test::gradient_steps(example));
    for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
      run.run_until(round + 1);
      for (NodeId node = 0; node < count; ++node) {
        INFO("round " << round << ", node " << node);
        check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
      }
    }
    for (NodeId node = 0; node < count; ++node) {
      check_close(choco(run, node).public_copy(), example["replicas_after"][node].get<std::vector<double>>());
    }
  }
}

TEST_CASE("choco-sgd agrees with decentralizepy's and with the paper's listing (numeric cases)") {
  for (const auto& example : test::vector_cases("crosschecked/choco.")) {
    for (const char* name : {"A", "B", "A_alpha1_gamma1_equals_dpsgd"}) {
      INFO(name);
      const auto& form = example[name];
      const std::string order = form["order"] == "B" ? "average-then-exchange" : "exchange-then-average";
      auto run = test::Crosschecked(example["setup"])
                     .run(test::protocols_of("choco-sgd", path_of_three(),
                                             {{"gamma", form["gamma"].get<double>()},
                                              {"compression", top(form["alpha"].get<double>())},
                                              {"order", order}}));
      test::check_rounds(run, form["rounds"], "x", [&](NodeId node, const nlohmann::json& round) {
        check_close(choco(run, node).public_copy(), round["x_hat"][node]);
        check_close(choco(run, node).neighbourhood_mean(), round["s"][node]);
      });
    }
  }
}

std::vector<Values> spread_models(NodeId nodes, std::size_t size) {
  RandomStream draw(11, Purpose::test);
  std::vector<Values> models(nodes, Values(size));
  for (Values& model : models) {
    for (float& value : model) value = static_cast<float>(draw.normal());
  }
  return models;
}

std::vector<double> mean(test::Lockstep& run) {
  std::vector<double> sum(run.model(0).size());
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += static_cast<double>(run.model(node)[p]) / run.size();
  }
  return sum;
}

TEST_CASE("choco-sgd keeps the mean of the models and comes to it, whatever the compression, if gamma is small") {
  struct Case {
    CodecSpec codec;
    double gamma;
  };
  CodecSpec two_bits = test::codec("quantizer");
  two_bits.bits = 2;
  for (const Case& tried : {Case{top(0.1), 0.05}, Case{test::codec("random-k"), 0.02}, Case{two_bits, 0.05},
                            Case{test::codec("sign"), 0.1}, Case{test::codec("float16"), 0.5}}) {
    INFO(tried.codec.kind);
    test::Lockstep run(
        test::protocols_of("choco-sgd", test::ring(6), {{"gamma", tried.gamma}, {"compression", tried.codec}}),
        spread_models(6, 40), test::no_steps);
    const auto before = mean(run);
    run.run_until(1500);
    check_close({before.begin(), before.end()}, mean(run), 1e-4);
    for (NodeId node = 0; node < 6; ++node) check_close(run.model(node), before, 1e-2);
  }
}

TEST_CASE("choco-sgd divides what an unbiased codec makes by 1 + omega, at both ends") {
  CodecSpec one_bit = test::codec("quantizer");
  one_bit.bits = 1;
  test::Lockstep run(test::protocols_of("choco-sgd", path_of_three(), {{"compression", one_bit}}), spread_models(3, 40),
                     test::no_steps);
  run.run_until(1);
  std::vector<std::vector<double>> copies;
  for (NodeId node = 0; node < 3; ++node) {
    Values decoded(40);
    REQUIRE(make_codec(one_bit)->decode(*run.sent(node).front().encoded, decoded));
    copies.emplace_back(decoded.begin(), decoded.end());
    for (double& value : copies.back()) value /= 40;  // omega is 39 for a bucket of 40 and one bit
    check_close(choco(run, node).public_copy(), copies.back());
  }
  std::vector<double> sum(40);
  for (std::size_t p = 0; p < 40; ++p) sum[p] = (copies[0][p] + copies[1][p] + copies[2][p]) / 3;
  check_close(choco(run, 1).neighbourhood_mean(), sum);
}

TEST_CASE("choco-sgd without compression and with gamma = 1 is d-psgd") {
  test::Lockstep run(
      test::protocols_of("choco-sgd", test::ring(5), {{"gamma", 1.0}, {"compression", test::codec("none")}}),
      spread_models(5, 8), test::no_steps);
  test::Lockstep plain(test::protocols_of("d-psgd", test::ring(5)), spread_models(5, 8), test::no_steps);
  run.run_until(10);
  plain.run_until(10);
  for (NodeId node = 0; node < 5; ++node) {
    check_close(run.model(node), {plain.model(node).begin(), plain.model(node).end()});
  }
}

TEST_CASE("what choco-sgd keeps of its neighbours' copies is their weighted sum, after any number of rounds") {
  const Graph graph = Graph::from_edges(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {0, 2}});
  const auto rows = metropolis_hastings_weights(graph);
  for (const char* kind : {"top-k", "quantizer", "sign"}) {
    INFO(kind);
    test::Lockstep run(test::protocols_of("choco-sgd", graph, {{"compression", test::codec(kind)}}),
                       spread_models(5, 30), [](NodeId node, Round round, const Values& model) {
                         Values trained = model;
                         trained[(round + node) % trained.size()] += 0.1F;
                         return trained;
                       });
    run.run_until(200);
    for (NodeId node = 0; node < 5; ++node) {
      std::vector<double> sum(30);
      const auto add = [&](NodeId from, double weight) {
        for (std::size_t p = 0; p < 30; ++p) sum[p] += weight * static_cast<double>(choco(run, from).public_copy()[p]);
      };
      add(node, rows[node].self);
      for (NodeId k = 0; k < graph.degree(node); ++k) add(graph.neighbour(node, k), rows[node].neighbours[k]);
      check_close(choco(run, node).neighbourhood_mean(), sum, 2e-5);
    }
  }
}

}  // namespace
}  // namespace tardigrad
