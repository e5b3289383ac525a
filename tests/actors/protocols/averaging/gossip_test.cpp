#include "actors/protocols/averaging/gossip.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/weighted_sum.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

ProtocolFactory gossiping(Graph graph, std::int64_t recipients = 1, const std::string& average = "equal") {
  return protocols_of(gossip_algorithm(), always(std::move(graph)), {{"recipients", recipients}, {"average", average}});
}

double spread(const Lockstep& run) {
  float low = run.model(0)[0];
  float high = low;
  for (NodeId node = 0; node < run.size(); ++node) {
    low = std::min(low, run.model(node)[0]);
    high = std::max(high, run.model(node)[0]);
  }
  return static_cast<double>(high - low);
}

}  // namespace

TEST_CASE("a gossiping node never waits, and sends its model after its local steps") {
  OneNode node(gossiping(Graph::complete(5), 2), 0, {1});
  const Actions first = node.trained({2});
  CHECK(first.starts_round());
  CHECK_FALSE(first.changes_wait());
  check_close(*first.values(), {2});
  REQUIRE(first.sends().size() == 2);
  CHECK(first.sends()[0].to != first.sends()[1].to);
  check_close(*first.sends()[0].values, {2});
}

TEST_CASE("recipients are drawn anew each round, from the node's own neighbours only") {
  const Graph graph = Graph::from_arcs(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 0}});
  OneNode node(gossiping(graph), 0, {1});
  std::set<NodeId> met;
  for (int round = 0; round < 50; ++round) {
    for (const Actions::Send& message : node.sent({1})) met.insert(message.to);
  }
  CHECK(met == std::set<NodeId>{1, 2});
}

TEST_CASE("what arrives is averaged in at once, and local steps in progress are applied as a change") {
  OneNode node(gossiping(Graph::complete(3)), 0, {1});
  const Actions arrival = node.received(1, 4, {5});
  CHECK_FALSE(arrival.starts_round());
  CHECK(arrival.mixing().mixed == 1);
  check_close(*arrival.values(), {3});
  check_close(*node.received(2, 4, {6}).values(), {4.5});
  const Actions done = node.trained({1.25});  // 1 became 1.25 meanwhile
  check_close(*done.values(), {4.75});
  check_close(*done.sends()[0].values, {4.75});
  check_close(*node.trained({5}).values(), {5});
}

TEST_CASE("by age a model counts for the rounds that are in it") {
  OneNode node(gossiping(Graph::complete(3), 1, "by-age"), 0, {1});
  check_close(*node.received(1, 2, {7}).values(), {7});  // nothing of one's own to lose yet
  check_close(*node.trained({1}).values(), {7});
  CHECK(node.trained({7}).sends()[0].round == 2);
  check_close(*node.received(1, 6, {3}).values(), {7 - 4 * 0.75});
}

TEST_CASE("gossip weighs what is behind by its rounds (numeric cases)") {
  for (const auto& example : vector_cases("staleness_weighted_gossip")) {
    const auto initial = example["initial"].get<std::vector<Values>>();
    for (const auto& form : example["cases"]) {
      if (form["options"]["kind"] != "gossip") continue;
      const auto protocols =
          protocols_of(gossip_algorithm(), always(Graph::complete(static_cast<NodeId>(initial.size()))),
                       {{"staleness_weight", form["options"]["a"].get<double>()}});
      std::vector<OneNode> nodes;
      for (NodeId node = 0; node < initial.size(); ++node) nodes.emplace_back(protocols, node, initial[node]);
      std::vector<Values> starts = initial;
      for (const auto& event : form["events"]) {
        INFO(event["kind"] << " of node " << event["node"]);
        const auto id = event["node"].get<NodeId>();
        Actions actions;
        if (event["kind"] == "trained") {
          add_weighted(starts[id], 1, event["update"].get<Values>());
          actions = nodes[id].trained(starts[id]);
          starts[id] = *actions.values();
        } else {
          actions = nodes[id].received(event["from"], event["sender_finished"], event["values"].get<Values>());
        }
        check_close(*actions.values(), event["x"].get<std::vector<double>>());
      }
    }
  }
}

TEST_CASE("with a staleness weight of 0 gossip is what it was, bit for bit, and with another it multiplies by age") {
  const Values own{0.1F, -7.3F, 1e-8F};
  const Values theirs{0.7F, 3.1F, -2};
  for (const bool weighted : {false, true}) {
    for (const std::string average : {"equal", "by-age"}) {
      OneNode node(protocols_of(gossip_algorithm(), always(Graph::complete(3)),
                                {{"average", average}, {"staleness_weight", weighted ? 1.0 : 0.0}}),
                   0, own);
      for (int round = 0; round < 4; ++round) node.trained(own);
      const float share = average == "equal" ? 0.5F : 0.2F;                  // of 1 of 1 + 4 rounds
      const float weight = static_cast<float>(weighted ? 0.25 : 1) * share;  // 3 rounds behind
      const Actions arrival = node.received(1, 1, theirs);
      for (std::size_t p = 0; p < own.size(); ++p) {
        CHECK((*arrival.values())[p] == own[p] + weight * (theirs[p] - own[p]));
      }
    }
  }
}

TEST_CASE("gossip brings models together, equally or by age, within what they were") {
  for (const std::string average : {"equal", "by-age"}) {
    for (const Graph& graph : {Graph::complete(10), build_topology({"directed-exponential", 0, ""}, 10, 1).graph}) {
      const auto models = scattered_models(10, 1);
      Lockstep run(gossiping(graph, 1, average), models, no_steps);
      const double before = spread(run);
      run.run_until(100);
      CHECK(spread(run) < 1e-3 * before);
      const auto [low, high] = std::minmax_element(models.begin(), models.end());
      CHECK(run.model(0) >= *low);
      CHECK(run.model(0) <= *high);
    }
  }
}

TEST_CASE("a model of another size is left out, and where nothing is learned gossip goes on without values") {
  OneNode node(gossiping(Graph::complete(3)), 0, {1});
  for (const SharedValues& values : {SharedValues(), shared({}), shared({1, 2})}) {
    const Actions actions = node.received({1, 0, 0, values});
    CHECK(actions.mixing().missed == 1);
    CHECK_FALSE(actions.values());
  }
  OneNode nothing(gossiping(Graph::complete(3)), 0, {}, 100);
  CHECK(nothing.received({1, 0, 0, nullptr}).mixing().missed == 1);
  CHECK(nothing.received({1, 0, 0, shared({})}).mixing().mixed == 1);
  CHECK(nothing.trained({}).sends().size() == 1);
}

TEST_CASE("gossip refuses more recipients than there are, and graphs that fall apart") {
  const Algorithm algorithm = gossip_algorithm();
  AlgorithmOptions options(algorithm.options);
  CHECK(algorithm.objection(options, Graph::complete(2)).empty());
  CHECK_FALSE(algorithm.objection(options, Graph::from_arcs(3, {{0, 1}, {1, 2}, {2, 1}})).empty());
  options.set("recipients", std::int64_t{2});
  CHECK(algorithm.objection(options, Graph::complete(2)).find("recipients = 2") != std::string::npos);
}

}  // namespace tardigrad
