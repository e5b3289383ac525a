#include "actors/protocols/averaging/swift.hpp"

#include <doctest/doctest.h>

#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

/// Node 1 of a graph of five nodes, with weights 3/8 for itself, 1/4 for node 0, 3/8 for node 2.
Swift node_1_of_five(SwiftOptions options) {
  const Graph graph = Graph::from_edges(5, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {3, 4}});
  return {options, graph.neighbours(1), ccs_weights(graph)[1]};
}

}  // namespace

TEST_CASE("swift reproduces a run of five nodes step by step (numeric cases)") {
  for (const auto& example : test::vector_cases("swift")) {
    const auto matrix = example["mixing_matrix"].get<std::vector<std::vector<double>>>();
    const auto initial = example["initial"].get<std::vector<Values>>();
    const auto learning_rate = example["learning_rate"].get<float>();
    const auto count = example["nodes"].get<NodeId>();
    const Graph graph = Graph::from_edges(count, example["edges"].get<std::vector<Edge>>());

    // The messages that every node has broadcast and that are not delivered yet: they arrive when the node's
    // next step begins.
    std::vector<Swift> nodes;
    std::vector<std::vector<Actions::Send>> pending(count);
    std::vector<Values> models = initial;
    for (NodeId i = 0; i < count; ++i) {
      MixingRow row{matrix[i][i], {}};
      for (const NodeId j : graph.neighbours(i)) row.neighbours.push_back(matrix[i][j]);
      nodes.emplace_back(SwiftOptions{}, graph.neighbours(i), row);
      Actions start;
      nodes[i].on_start(shared(initial[i]), start);
      pending[i] = start.sends();
    }
    // The case starts from different models, each known to the neighbours.
    for (NodeId i = 0; i < count; ++i) {
      for (const auto& sent : pending[i]) {
        Actions ignored;
        nodes[sent.to].on_message({i, sent.kind, sent.round, sent.values}, ignored);
      }
    }

    const auto order = example["event_order"].get<std::vector<NodeId>>();
    for (std::size_t event = 0; event < order.size(); ++event) {
      const NodeId i = order[event];
      for (const auto& sent : pending[i]) {
        Actions ignored;
        nodes[sent.to].on_message({i, sent.kind, sent.round, sent.values}, ignored);
      }
      Values trained = models[i];
      const auto gradient = example["gradients_per_event"][event].get<Values>();
      for (std::size_t p = 0; p < trained.size(); ++p) trained[p] -= learning_rate * gradient[p];
      Actions step;
      nodes[i].on_trained({static_cast<Round>(event), shared(std::move(trained))}, step);
      CHECK(step.starts_round());
      models[i] = *step.values();
      pending[i] = step.sends();
      INFO("event " << event);
      check_close(models[i], example["model_of_active_node_after_event"][event].get<std::vector<double>>());
    }
  }
}

TEST_CASE("a step averages with stored models and applies the gradient from before") {
  Swift node = node_1_of_five({});
  Actions ignored;
  node.on_start(shared({1, 2, 3, 4}), ignored);
  node.on_message({0, 0, 0, shared({4, 0, 4, 0})}, ignored);
  node.on_message({2, 0, 0, shared({0, 0, 0, 8})}, ignored);
  Actions step;
  node.on_trained({0, shared({0.9F, 2.1F, 3.0F, 3.8F})}, step);  // eta 0.1, gradient (1, -1, 0, 2)
  check_close(*step.values(), {1.275, 0.85, 2.125, 4.3});
  REQUIRE(step.sends().size() == 2);  // to both neighbours, in every step
  CHECK(step.sends()[0].to == 0);
  CHECK(step.sends()[1].to == 2);
}

TEST_CASE("without stored models a silent neighbour's weight returns to the node") {
  Swift node = node_1_of_five({0, false});
  Actions ignored;
  node.on_start(shared({1, 2, 3, 4}), ignored);
  node.on_message({0, 0, 0, shared({4, 0, 4, 0})}, ignored);
  Actions step;
  node.on_trained({0, shared({0.9F, 2.1F, 3.0F, 3.8F})}, step);
  check_close(*step.values(), {1.65, 1.6, 3.25, 2.8});
}

TEST_CASE("weights of those heard always sum to one: equal models stay as they are") {
  Swift node = node_1_of_five({0, false});
  Actions ignored;
  node.on_start(shared({1}), ignored);
  node.on_message({0, 0, 0, shared({1})}, ignored);
  Actions step;
  node.on_trained({0, shared({1})}, step);
  CHECK((*step.values())[0] == doctest::Approx(1.0));  // the released weight boost would give 0.9375
}

TEST_CASE("a stored model that is behind counts less, and the node itself more (numeric cases)") {
  for (const auto& example : test::vector_cases("staleness_weighted_gossip")) {
    for (const auto& form : example["cases"]) {
      if (form["options"]["kind"] != "fixed weights") continue;
      const auto own = form["own"].get<Values>();
      const auto weights = form["weights"].get<std::vector<double>>();
      const auto staleness = form["staleness"].get<std::vector<Round>>();
      std::vector<NodeId> neighbours;
      double self = 1;
      for (NodeId k = 0; k < weights.size(); ++k) {
        neighbours.push_back(k + 1);
        self -= weights[k];
      }
      Swift node({0, true, form["options"]["a"].get<double>()}, neighbours, {self, weights});
      Actions ignored;
      node.on_start(shared(own), ignored);
      constexpr Round finished = 9;
      for (NodeId k = 0; k < weights.size(); ++k) {
        node.on_message({k + 1, 0, finished - staleness[k], shared(form["stored"][k].get<Values>())}, ignored);
      }
      Actions step;
      node.on_trained({finished - 1, shared(own)}, step);
      check_close(*step.values(), form["mixed"].get<std::vector<double>>());
    }
  }
}

TEST_CASE("swift's stored models lose weight with every round in which no newer one comes, none if the power is 0") {
  for (const double power : {0.0, 1.0}) {
    Swift node({0, true, power}, {1}, {0.5, {0.5}});
    Actions ignored;
    node.on_start(shared({0}), ignored);
    node.on_message({1, 0, 1, shared({12})}, ignored);
    float model = 0;
    for (Round round = 0; round < 4; ++round) {
      const float weight = power == 0 ? 0.5F : 0.5F / static_cast<float>(round + 1);
      Actions step;
      node.on_trained({round, shared({weight * model})}, step);  // (1 - weight) model + (weight model - model) is 0
      model = (*step.values())[0];
      CHECK(model == doctest::Approx(weight * 12));
    }
  }
}

TEST_CASE("a stored model is used until a newer one comes, also when the neighbour is silent") {
  Swift node = node_1_of_five({});
  Actions ignored;
  node.on_start(shared({0}), ignored);
  node.on_message({0, 0, 0, shared({4})}, ignored);
  Actions first;
  node.on_trained({0, shared({0})}, first);
  CHECK((*first.values())[0] == 1.0F);
  Actions second;
  node.on_trained({1, shared({1})}, second);
  CHECK((*second.values())[0] == 0.375F + 1.0F);
  CHECK(second.mixing().mixed == 2);
}

TEST_CASE("communication set C_1 averages every second step and broadcasts every step") {
  Swift node = node_1_of_five({1, true});
  Actions ignored;
  node.on_start(shared({0}), ignored);
  node.on_message({0, 0, 0, shared({8})}, ignored);
  Actions first;
  node.on_trained({0, shared({1})}, first);
  CHECK((*first.values())[0] == 1.0F);
  CHECK(first.sends().size() == 2);
  Actions second;
  node.on_trained({1, shared({1})}, second);
  CHECK((*second.values())[0] == 0.375F + 2.0F);
  CHECK(second.sends().size() == 2);
}

}  // namespace tardigrad
