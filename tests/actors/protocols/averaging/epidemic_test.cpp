#include "actors/protocols/averaging/epidemic.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "actors/protocols/averaging/d_psgd.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

std::shared_ptr<const GraphSchedule> redrawn(NodeId size, NodeId degree) {
  TopologySpec spec{"random-regular", degree, ""};
  spec.redraw = true;
  return graph_schedule(spec, size, 1);
}

ProtocolFactory spreading(std::shared_ptr<const GraphSchedule> graphs, std::int64_t recipients) {
  return protocols_of(epidemic_algorithm(), std::move(graphs), {{"recipients", recipients}});
}

/// Nodes 0, 2 and 3 send to node 1, which sends to 0: all neighbours are drawn.
OneNode hub() { return OneNode(spreading(always(Graph::from_arcs(4, {{0, 1}, {2, 1}, {3, 1}, {1, 0}})), 1), 1, {0}); }

}  // namespace

TEST_CASE("every round each node sends to as many others as it is to, drawn anew") {
  const auto drawn = epidemic_schedule(always(Graph::complete(20)), 3, 7);
  int repeated = 0;
  std::vector<NodeId> received(20);
  for (Round round = 0; round < 200; ++round) {
    const auto graph = drawn->at(round);
    for (NodeId node = 0; node < 20; ++node) {
      CHECK(graph->degree(node) == 3);
      received[node] += static_cast<NodeId>(graph->sources(node).size());
      if (round > 0 && graph->neighbours(node) == drawn->at(round - 1)->neighbours(node)) ++repeated;
    }
  }
  CHECK(repeated < 20);
  for (NodeId node = 0; node < 20; ++node) CHECK(std::abs(static_cast<int>(received[node]) - 600) < 120);
  CHECK(*epidemic_schedule(always(Graph::complete(20)), 3, 7)->at(5) == *drawn->at(5));
  CHECK_FALSE(*epidemic_schedule(always(Graph::complete(20)), 3, 8)->at(5) == *drawn->at(5));
}

TEST_CASE("a node waits for those that have drawn it, and takes the plain mean of its model and theirs") {
  OneNode node = hub();
  const Actions waiting = node.trained({4});
  CHECK(waiting.awaited() == std::vector<NodeId>{0, 2, 3});
  REQUIRE(waiting.sends().size() == 1);
  node.received(0, 0, {1});
  node.received(3, 0, {2});
  check_close(*node.received(2, 0, {5}).values(), {3});
}

TEST_CASE("a node that nobody has drawn goes on at once with its own model") {
  OneNode node(spreading(always(Graph::from_arcs(3, {{0, 1}, {1, 2}, {2, 1}})), 1), 0, {0});
  check_close(*node.trained({4}).values(), {4});
}

TEST_CASE("a model that is lost, late or of another size is left out of the mean") {
  OneNode node = hub();
  node.trained({4});
  node.received(0, 0, {2});
  node.received(2, 1, {8});  // that of this round is lost
  const Actions over = node.waited();
  CHECK(over.mixing().missed == 2);
  check_close(*over.values(), {3});
  node.received(3, 0, {1000});
  node.trained({4});
  node.received(3, 1, {1, 2});
  const Actions next = node.received(0, 1, {0});
  CHECK(next.mixing().missed == 1);
  check_close(*next.values(), {4});  // (4 + 0 + 8) / 3
}

TEST_CASE("epidemic learning leaves equal models as they are and brings others together") {
  Lockstep equal(spreading(always(Graph::complete(12)), 4), std::vector<Values>(12, Values{1.5F}), no_steps);
  equal.run_until(20);
  for (NodeId node = 0; node < 12; ++node) check_close(equal.model(node), {1.5});

  const auto models = scattered_models(12, 2);
  Lockstep run(spreading(always(Graph::complete(12)), 4), models, no_steps);
  run.run_until(30);
  for (NodeId node = 0; node < 12; ++node) {
    CHECK(std::abs(run.model(node)[0] - run.model(0)[0]) < 1e-5F);
    CHECK(std::abs(run.model(node)[0]) < 1);
  }
}

TEST_CASE("on a regular graph redrawn every round, with all neighbours, it is EL-Oracle: the mean is kept") {
  const auto models = scattered_models(12, 2);
  Lockstep run(spreading(redrawn(12, 3), 3), models, no_steps);
  Lockstep metropolis(protocols_of(d_psgd_algorithm(), redrawn(12, 3)), models, no_steps);
  run.run_until(5);
  metropolis.run_until(5);
  for (NodeId node = 0; node < 12; ++node) {
    const Values& expected = metropolis.model(node);
    check_close(run.model(node), {expected.begin(), expected.end()});
  }
  run.run_until(40);
  for (NodeId node = 0; node < 12; ++node) check_close(run.model(node), mean_of(models), 1e-5);
}

}  // namespace tardigrad
