#include "actors/protocols/averaging/relay_sgd.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "netem/graph/trees.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

const std::string kCounts = "counts";

ProtocolFactory relaying(const Graph& graph, const std::string& normalization) {
  return protocols_of(relay_sgd_algorithm(), always(graph), {{"normalization", normalization}});
}

/// Local steps that give every node a fixed model of its own, wherever they start.
Lockstep::LocalSteps always_back_to(const std::vector<Values>& models) {
  return [models](NodeId node, Round, const Values&) { return models[node]; };
}

double worst_distance(const Lockstep& run, const std::vector<double>& expected) {
  double worst = 0;
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p < expected.size(); ++p) {
      worst = std::max(worst, std::abs(static_cast<double>(run.model(node)[p]) - expected[p]));
    }
  }
  return worst;
}

/// Node 1 of the chain 0, 1, 2, which starts from 10 and has trained 3.
OneNode middle_of_three(const std::string& normalization) {
  OneNode node(relaying(chain(3), normalization), 1, {10});
  node.trained({3});
  return node;
}

}  // namespace

TEST_CASE("relay-sgd reproduces chains and trees, whatever the order of arrival (numeric cases)") {
  for (const auto& example : vector_cases("relay_sgd_")) {
    const auto count = example["nodes"].get<NodeId>();
    const Graph graph = Graph::from_edges(count, example["edges"].get<std::vector<Edge>>());
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Lockstep run(relaying(graph, example["normalization"].get<std::string>()),
                   example["initial"].get<std::vector<Values>>(), gradient_steps(example), seed);
      for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        std::vector<float> counts(count, 1);
        for (NodeId node = 0; node < count; ++node) {
          for (const Actions::Send& message : run.sent(node)) counts[message.to] += message.values->back();
        }
        for (NodeId node = 0; node < count; ++node) {
          INFO("round " << round << ", node " << node);
          check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
          CHECK(counts[node] == example["counts_after_round"][round][node].get<float>());
        }
      }
    }
  }
}

TEST_CASE("every model is in every node's mean once after as many rounds as the tree's diameter, and not before") {
  TopologySpec spanning;
  spanning.kind = "spanning-tree";
  spanning.of = std::make_shared<const TopologySpec>(TopologySpec{"random-regular", 3, ""});
  for (const TopologySpec& spec : {TopologySpec{"chain", 0, ""}, TopologySpec{"binary-tree", 0, ""}, spanning}) {
    for (const NodeId size : {2U, 3U, 6U, 14U}) {
      if (spec.of && size < 6) continue;
      INFO(spec.kind << " of " << size);
      const Graph graph = build_topology(spec, size, 5).graph;
      const auto models = scattered_models(size, 3);
      Lockstep run(relaying(graph, kCounts), models, always_back_to(models));
      run.run_until(diameter(graph).value() - 1);
      CHECK(worst_distance(run, mean_of(models)) > 1e-3);
      run.run_until(diameter(graph).value());
      CHECK(worst_distance(run, mean_of(models)) < 1e-6);
      run.run_until(50);
      CHECK(worst_distance(run, mean_of(models)) < 1e-6);
    }
  }
}

TEST_CASE("double binary trees carry half of the coordinates each, to the exact mean of all") {
  for (const NodeId size : {3U, 4U, 5U, 12U, 31U}) {
    const Graph tree = binary_tree(size);
    for (const std::size_t parameters : {1U, 2U, 7U}) {
      INFO(size << " nodes, " << parameters << " parameters");
      const auto models = scattered_models(size, parameters);
      Lockstep run(relaying(united(double_binary_trees(size)), kCounts), models, always_back_to(models));
      run.run_until(diameter(tree).value() - 1);
      CHECK(worst_distance(run, mean_of(models)) > 1e-3);
      run.run_until(diameter(tree).value());
      CHECK(worst_distance(run, mean_of(models)) < 1e-6);
    }
  }
}

TEST_CASE("without local steps relaying brings models together, and the world's size keeps them where they began") {
  const auto models = scattered_models(9, 2);
  for (const std::string normalization : {"counts", "world-size"}) {
    Lockstep run(relaying(binary_tree(9), normalization), models, no_steps);
    run.run_until(150);
    const Values& first = run.model(0);
    CHECK(worst_distance(run, {first.begin(), first.end()}) < 1e-5);
  }
  Lockstep equal(relaying(chain(5), "world-size"), std::vector<Values>(5, Values{1.5F}), no_steps);
  equal.run_until(10);
  for (NodeId node = 0; node < 5; ++node) check_close(equal.model(node), {1.5});
}

TEST_CASE("what is still on its way is replaced by the initial model, or by nothing") {
  OneNode filled = middle_of_three("world-size");
  filled.received(0, 0, {6, 1});
  check_close(*filled.waited().values(), {(3 + 6 + 10) / 3.0});
  OneNode counted = middle_of_three(kCounts);
  counted.received(0, 0, {6, 1});
  check_close(*counted.waited().values(), {(3 + 6) / 2.0});
}

TEST_CASE("a lost sum is missing from one round and its relaying, and the next one holds it all again") {
  OneNode node = middle_of_three(kCounts);
  node.received(0, 0, {6, 1});
  const Actions without = node.received(2, 1, {4, 1});  // of the next round: that of this one is lost
  REQUIRE(without.starts_round());
  CHECK(without.mixing().missed == 1);
  check_close(*without.values(), {4.5});
  const Actions next = node.trained({5});
  REQUIRE(next.sends().size() == 2);
  check_close(*next.sends()[0].values, {5, 1});      // to 0: nothing of 2
  check_close(*next.sends()[1].values, {5 + 6, 2});  // to 2: what 0 had sent
  check_close(*node.received(0, 1, {7, 1}).values(), {(5 + 7 + 4) / 3.0});
  node.trained({8});
  check_close(*node.waited().values(), {8});  // what came in earlier rounds does not stand in for what is lost
}

TEST_CASE("a sum that comes too late or too early is left out or kept") {
  OneNode node = middle_of_three(kCounts);
  node.received(0, 1, {60, 1});
  check_close(*node.waited().values(), {3});
  node.received(2, 0, {1000, 1});
  node.trained({3});
  check_close(*node.received(2, 1, {9, 1}).values(), {24});
}

TEST_CASE("what no node of this run can have sent counts as not sent") {
  const float none = std::numeric_limits<float>::quiet_NaN();
  for (const Values& values : {Values{}, {6}, {6, 1, 1}, {6, 0}, {6, -1}, {6, 3}, {6, none}}) {
    OneNode node = middle_of_three(kCounts);
    node.received(0, 0, values);
    const Actions done = node.received(2, 0, {9, 1});
    CHECK(done.mixing().missed == 1);
    check_close(*done.values(), {6});
  }
  OneNode node = middle_of_three(kCounts);
  node.received({0, 0, 0, nullptr});
  check_close(*node.received(2, 0, {9, 1}).values(), {6});
}

TEST_CASE("a sum is charged as a model and a count, with and without values") {
  for (const bool learns : {true, false}) {
    OneNode chained(relaying(chain(3), kCounts), 1, Values(learns ? 10 : 0), 10);
    for (const Actions::Send& message : chained.sent(Values(learns ? 10 : 0))) {
      CHECK(message.payload == Bytes{4 * 11});
    }
    // Trees of four: 0-1, 0-2, 1-3 and 3-2, 3-1, 2-0. Node 1 meets 3 on both.
    OneNode twice(relaying(united(double_binary_trees(4)), kCounts), 1, Values(learns ? 9 : 0), 9);
    const Actions actions = twice.trained(Values(learns ? 9 : 0));
    REQUIRE(actions.sends().size() == 2);
    CHECK(actions.sends()[0].to == 0);
    CHECK(actions.sends()[0].payload == Bytes{4 * 6});
    CHECK(actions.sends()[1].to == 3);
    CHECK(actions.sends()[1].payload == Bytes{4 * 11});
    if (learns) CHECK(actions.sends()[1].values->size() == 11);
  }
}

TEST_CASE("relay-sgd refuses a graph that is no tree, but for double binary trees") {
  const Algorithm algorithm = relay_sgd_algorithm();
  const auto objection = [&](const char* kind, NodeId size) {
    return algorithm.objection(AlgorithmOptions(algorithm.options), build_topology({kind, 0, ""}, size, 1).graph);
  };
  CHECK(objection("chain", 10).empty());
  CHECK(objection("binary-tree", 10).empty());
  CHECK(objection("double-binary-trees", 10).empty());
  CHECK(objection("ring", 10).find("not a tree") != std::string::npos);
  CHECK(algorithm.objection(AlgorithmOptions(algorithm.options), Graph::from_edges(4, {{0, 1}, {1, 2}, {2, 0}})) != "");
}

}  // namespace tardigrad
