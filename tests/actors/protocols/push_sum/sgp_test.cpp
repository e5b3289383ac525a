#include "actors/protocols/push_sum/sgp.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

ProtocolFactory pushing(std::shared_ptr<const GraphSchedule> graphs) {
  return protocols_of(sgp_algorithm(), std::move(graphs));
}

const Sgp& sgp(Lockstep& run, NodeId node) { return dynamic_cast<const Sgp&>(run.protocol(node)); }

/// Sums of x, then of w.
std::vector<double> totals(Lockstep& run) {
  std::vector<double> sums(run.model(0).size() + 1);
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p + 1 < sums.size(); ++p) sums[p] += static_cast<double>(sgp(run, node).biased()[p]);
    sums.back() += static_cast<double>(sgp(run, node).weight());
  }
  return sums;
}

/// 0 -> 1 -> 2 -> 0 and 0 -> 2.
Graph lopsided() { return Graph::from_arcs(3, {{0, 1}, {1, 2}, {2, 0}, {0, 2}}); }

}  // namespace

TEST_CASE("sgp reproduces directed graphs that change, whatever the order of arrival (numeric cases)") {
  for (const auto& example : vector_cases("sgp")) {
    const auto count = example["nodes"].get<NodeId>();
    const auto arcs = example["directed_edges"].get<std::vector<std::vector<Edge>>>();
    const auto graphs = std::make_shared<const GraphSchedule>(
        [&](Round round) { return Graph::from_arcs(count, arcs[round % arcs.size()]); });
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Lockstep run(pushing(graphs), example["initial"].get<std::vector<Values>>(), gradient_steps(example), seed);
      for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < count; ++node) {
          INFO("round " << round << ", node " << node);
          check_close(run.model(node), example["after_round_z"][round][node].get<std::vector<double>>());
          check_close({sgp(run, node).weight()}, {example["weights_after_round"][round][node].get<double>()});
        }
      }
    }
  }
}

TEST_CASE("sgp brings all nodes to the mean on directed graphs, and keeps the sums of values and weights") {
  constexpr NodeId size = 11;
  const auto models = scattered_models(size, 2);
  const std::vector<double> mean = mean_of(models);
  std::vector<std::shared_ptr<const GraphSchedule>> schedules = {always(lopsided())};
  for (const char* kind : {"directed-ring", "directed-exponential", "one-peer-exponential"}) {
    schedules.push_back(graph_schedule({kind, 0, ""}, size, 1));
  }
  for (const auto& graphs : schedules) {
    const NodeId nodes = graphs->at(0)->size();
    const std::vector<Values> own(models.begin(), models.begin() + nodes);
    const std::vector<double> target = mean_of(own);
    Lockstep run(pushing(graphs), own, no_steps);
    for (Round round = 1; round <= 300; ++round) {
      run.run_until(round);
      const std::vector<double> sums = totals(run);
      for (std::size_t p = 0; p < 2; ++p) CHECK(std::abs(sums[p] - nodes * target[p]) < 1e-5);
      CHECK(std::abs(sums[2] - nodes) < 1e-5);
    }
    for (NodeId node = 0; node < nodes; ++node) check_close(run.model(node), target, 1e-5);
  }
}

TEST_CASE("one peer a round, twice as far each time, makes the exact mean of a power of two") {
  const auto models = scattered_models(8, 2);
  Lockstep run(pushing(graph_schedule({"one-peer-exponential", 0, ""}, 8, 1)), models, no_steps);
  run.run_until(2);
  CHECK(std::abs(static_cast<double>(run.model(0)[0]) - mean_of(models)[0]) > 1e-3);
  run.run_until(3);
  for (NodeId node = 0; node < 8; ++node) check_close(run.model(node), mean_of(models));
}

TEST_CASE("a node waits for those that send to it, not for those that it sends to") {
  OneNode node(pushing(always(lopsided())), 2, {0});
  const Actions waiting = node.trained({4});
  CHECK(waiting.awaited() == std::vector<NodeId>{0, 1});
  REQUIRE(waiting.sends().size() == 1);
  CHECK(waiting.sends()[0].to == 0);
  check_close(*waiting.sends()[0].values, {2, 0.5});
  node.received(0, 0, {1, 1.0F / 3});
  check_close(*node.received(1, 0, {3, 0.5}).values(), {(2 + 1 + 3) / (0.5 + 1.0 / 3 + 0.5)});
}

TEST_CASE("a lost message takes its weight with it: the model remains a weighted mean of those that came") {
  OneNode node(pushing(always(lopsided())), 2, {0});
  node.trained({4});
  node.received(0, 0, {1, 1.0F / 3});
  const Actions done = node.received(1, 1, {6, 1});  // of the next round
  REQUIRE(done.starts_round());
  CHECK(done.mixing().missed == 1);
  check_close(*done.values(), {3 / (0.5 + 1.0 / 3)});
}

TEST_CASE("a model that comes too late is left out") {
  OneNode node(pushing(always(lopsided())), 2, {0});
  node.trained({4});
  check_close(*node.waited().values(), {4});
  node.received(1, 0, {1000, 1});
  node.trained({4});
  node.received(0, 1, {1, 0.25});
  check_close(*node.received(1, 1, {1, 0.25}).values(), {(1 + 1 + 1) / 0.75});
}

TEST_CASE("a node whose sources are away for ever keeps its model") {
  OneNode node(pushing(always(lopsided())), 2, {0.25});
  for (int round = 0; round < 1000; ++round) {
    node.trained({0.25});
    check_close(*node.waited().values(), {0.25});
  }
}

TEST_CASE("what no node can have sent, above all a weight of none, counts as not sent") {
  const float infinite = std::numeric_limits<float>::infinity();
  for (const Values& values : {Values{}, {6}, {6, 1, 1}, {6, 0}, {6, -1}, {6, infinite}, {6, infinite - infinite}}) {
    OneNode node(pushing(always(lopsided())), 0, {4});
    node.trained({4});
    const Actions done = node.received(2, 0, values);
    REQUIRE(done.starts_round());
    CHECK(done.mixing().missed == 1);
    check_close(*done.values(), {4});
  }
}

TEST_CASE("a push is charged as a model and a weight, with and without values") {
  for (const std::size_t values : {10U, 0U}) {
    OneNode node(pushing(always(lopsided())), 2, Values(values), 10);
    CHECK(node.trained(Values(values)).sends()[0].payload == Bytes{4 * 11});
  }
}

}  // namespace tardigrad
