#include "actors/protocols/compressed/deep_squeeze.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"
#include "tests/actors/protocols/tracking/tracked_runs.hpp"

namespace tardigrad {

using namespace test;

namespace {

const DeepSqueeze& deep_squeeze(Lockstep& run, NodeId node) {
  return dynamic_cast<const DeepSqueeze&>(run.protocol(node));
}

ProtocolFactory squeezing(Graph graph, double gamma, const CodecSpec& compression) {
  return protocols_of("deep-squeeze", std::move(graph), {{"gamma", gamma}, {"compression", compression}});
}

/// The middle of a path of three, with weights 1/3 each; everything is sent.
OneNode middle(double gamma) {
  return {squeezing(Graph::from_edges(3, {{0, 1}, {1, 2}}), gamma, codec("none")), 1, {0, 0}};
}

ProtocolMessage encoded(NodeId from, Round round, const Values& values) {
  RandomStream draws(1, Purpose::test);
  return {from, 0, round, nullptr, share(make_codec(codec("none"))->encode(values, draws))};
}

/// A change that differs by node and round.
Values stepped(NodeId node, Round round, const Values& model) {
  Values trained = model;
  trained[(3 * node + round) % trained.size()] += 0.1F;
  return trained;
}

std::vector<double> mean_of_models(const Lockstep& run) {
  std::vector<Values> models;
  for (NodeId node = 0; node < run.size(); ++node) models.push_back(run.model(node));
  return mean_of(models);
}

double distance_to(const std::vector<double>& mean, const Lockstep& run) {
  double largest = 0;
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p < mean.size(); ++p) {
      largest = std::max(largest, std::abs(static_cast<double>(run.model(node)[p]) - mean[p]));
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("deep-squeeze reproduces five nodes over five rounds, models, errors and choices (numeric cases)") {
  for (const auto& example : vector_cases("deep_squeeze")) {
    const auto count = example["nodes"].get<NodeId>();
    for (const auto& form : example["cases"]) {
      const auto k = form["options"]["k"].get<double>();
      Lockstep run(
          squeezing(Graph::from_edges(count, example["edges"].get<std::vector<Edge>>()),
                    form["options"]["gamma"].get<double>(), codec("top-k", k / example["parameters"].get<double>())),
          example["initial"].get<std::vector<Values>>(), updates_of(example));
      for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < count; ++node) {
          INFO("round " << round << ", node " << node);
          check_close(run.model(node), form["after_round"][round][node].get<std::vector<double>>());
          check_close(deep_squeeze(run, node).error(),
                      form["error_after_round"][round][node].get<std::vector<double>>());
          for (const auto& index : form["sent_indices"][round][node]) {
            CHECK(deep_squeeze(run, node).error()[index.get<std::size_t>()] == 0.0F);
          }
        }
      }
    }
  }
}

TEST_CASE("deep-squeeze moves the mean by the mean change of the local steps, and nodes come near it") {
  struct Case {
    CodecSpec codec;
    double gamma;
  };
  CodecSpec two_bits = codec("quantizer");
  two_bits.bits = 2;
  for (const Case& tried : {Case{codec("top-k"), 0.1}, Case{codec("random-k"), 0.02}, Case{two_bits, 0.05},
                            Case{codec("sign"), 0.05}, Case{codec("float16"), 0.5}}) {
    INFO(tried.codec.kind);
    const auto models = scattered_models(6, 40);
    Lockstep run(squeezing(ring(6), tried.gamma, tried.codec), models, stepped);
    std::vector<double> expected = mean_of(models);
    const double before = distance_to(expected, run);
    constexpr Round rounds = 400;
    run.run_until(rounds);
    for (double& value : expected) value += 0.1 * rounds / 40;
    check_close({expected.begin(), expected.end()}, mean_of_models(run), 1e-3);
    CHECK(distance_to(expected, run) < before);
  }
}

TEST_CASE("deep-squeeze with everything sent and gamma = 1 is d-psgd") {
  const auto models = scattered_models(6, 5);
  Lockstep run(squeezing(ring(6), 1, codec("none")), models, stepped);
  Lockstep plain(protocols_of("d-psgd", ring(6)), models, stepped);
  for (Round round = 1; round <= 10; ++round) {
    run.run_until(round);
    plain.run_until(round);
    for (NodeId node = 0; node < 6; ++node) {
      check_close(run.model(node), {plain.model(node).begin(), plain.model(node).end()});
    }
  }
}

TEST_CASE("in deep-squeeze the weight of a lost message stays with the node's own, in its round alone") {
  OneNode node = middle(0.5);
  node.trained({6, 3});
  node.received(encoded(0, 0, {0, 0}));
  const Actions over = node.waited();
  CHECK(over.mixing().missed == 1);
  check_close(*over.values(), {5, 2.5});  // 6 + 0.5 (0 / 3 + 6 * 2 / 3 - 6)
  node.trained({5, 2.5F});
  node.received(encoded(0, 1, {5, 2.5F}));
  check_close(*node.received(encoded(2, 1, {8, 2.5F})).values(), {5.5, 2.5});
}

TEST_CASE("deep-squeeze is charged as its encoding, about the same where nothing is learned") {
  const Algorithm& algorithm = *find_algorithm("deep-squeeze");
  const auto models = scattered_models(3, 1000);
  OneNode node(squeezing(ring(3), 0.1, codec("top-k")), 0, models[0]);
  const Actions trained = node.trained(models[0]);
  REQUIRE(trained.sends().size() == 2);
  CHECK(trained.sends()[0].payload == trained.sends()[0].encoded->size());
  const Graph graph = ring(3);
  const auto sent = algorithm.sends(AlgorithmOptions(algorithm.options), {0, 1000, graph, *make_codec({})});
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].count == 2);
  CHECK(sent[0].payload == doctest::Approx(static_cast<double>(trained.sends()[0].payload.value())).epsilon(0.03));
  CHECK(sent[0].payload < 520);
}

}  // namespace tardigrad
