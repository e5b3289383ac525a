#include "actors/protocols/averaging/d_psgd.hpp"

#include <doctest/doctest.h>

#include "netem/graph/topology.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/crosschecked_cases.hpp"
#include "tests/actors/lockstep.hpp"

namespace tardigrad {

using test::check_close;
using test::Lockstep;
using test::shared;

namespace {

ProtocolFactory d_psgd_on(Graph graph) {
  const Algorithm algorithm = d_psgd_algorithm();
  return algorithm.protocols(AlgorithmOptions(algorithm.options),
                             {std::make_shared<const GraphSchedule>(std::move(graph)), 1});
}

Graph path_of_three() { return Graph::from_edges(3, {{0, 1}, {1, 2}}); }

Actions trained(FragmentProtocol& protocol, Round round, float value) {
  Actions actions;
  protocol.on_trained({round, shared({value})}, actions);
  return actions;
}

Actions received(FragmentProtocol& protocol, NodeId from, Round round, float value) {
  Actions actions;
  protocol.on_message({from, 0, round, shared({value})}, actions);
  return actions;
}

std::unique_ptr<FragmentProtocol> middle_of_three() {
  auto protocol = d_psgd_on(path_of_three())({1, 0, 1});
  Actions actions;
  protocol->on_start(shared({0}), actions);
  return protocol;
}

}  // namespace

TEST_CASE("d-psgd reproduces five nodes over four rounds, whatever the order of arrival (numeric cases)") {
  for (const auto& example : test::vector_cases("d_psgd")) {
    const auto count = example["nodes"].get<NodeId>();
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const auto protocols = d_psgd_on(Graph::from_edges(count, example["edges"].get<std::vector<Edge>>()));
      Lockstep run(protocols, example["initial"].get<std::vector<Values>>(), test::gradient_steps(example), seed);
      for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < count; ++node) {
          INFO("round " << round << ", node " << node);
          check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
        }
      }
    }
  }
}

TEST_CASE("on a base-k graph all models are their mean when its rounds are over, matcha keeps the mean") {
  for (const NodeId nodes : {5U, 6U, 7U, 12U}) {
    std::vector<Values> initial;
    for (NodeId node = 0; node < nodes; ++node) initial.push_back({static_cast<float>(node * node)});
    double mean = 0;
    for (const Values& model : initial) mean += static_cast<double>(model[0]) / nodes;
    const auto unchanged = [](NodeId, Round, const Values& model) { return model; };
    const Algorithm algorithm = d_psgd_algorithm();
    const TopologySpec base{"base-k", 1, ""};
    Lockstep exact(algorithm.protocols(AlgorithmOptions(algorithm.options), {graph_schedule(base, nodes, 1), 1}),
                   initial, Lockstep::LocalSteps(unchanged));
    exact.run_until(build_topology(base, nodes, 1).period);
    for (NodeId node = 0; node < nodes; ++node) CHECK(exact.model(node)[0] == doctest::Approx(mean).epsilon(1e-5));

    TopologySpec matcha{"matcha", 0, ""};
    matcha.of = std::make_shared<const TopologySpec>(TopologySpec{"ring", 0, ""});
    Lockstep drawn(algorithm.protocols(AlgorithmOptions(algorithm.options), {graph_schedule(matcha, nodes, 1), 1}),
                   initial, Lockstep::LocalSteps(unchanged));
    drawn.run_until(400);
    for (NodeId node = 0; node < nodes; ++node) CHECK(drawn.model(node)[0] == doctest::Approx(mean).epsilon(1e-4));
  }
}

TEST_CASE("a synchronous node begins its next round when all its neighbours' models of this one are there") {
  const auto node = middle_of_three();
  const Actions waiting = trained(*node, 0, 3);
  CHECK_FALSE(waiting.starts_round());
  CHECK(waiting.awaited() == std::vector<NodeId>{0, 2});
  CHECK(received(*node, 0, 0, 6).awaited() == std::vector<NodeId>{2});
  const Actions done = received(*node, 2, 0, 9);
  REQUIRE(done.starts_round());
  check_close(*done.values(), {6});
  CHECK(done.mixing().missed == 0);
}

TEST_CASE("a model of the next round is kept until it is its turn") {
  const auto node = middle_of_three();
  received(*node, 0, 0, 0);
  received(*node, 0, 1, 30);
  trained(*node, 0, 0);
  CHECK(received(*node, 2, 0, 0).starts_round());
  received(*node, 2, 1, 60);
  check_close(*trained(*node, 1, 0).values(), {30});
}

TEST_CASE("a later model of a neighbour says that the one before is lost: the round goes on without it") {
  const auto node = middle_of_three();
  trained(*node, 0, 3);
  received(*node, 0, 0, 6);
  const Actions done = received(*node, 2, 1, 10);
  REQUIRE(done.starts_round());
  CHECK(done.mixing().missed == 1);
  check_close(*done.values(), {4});  // (6 + 2 * 3) / 3: the weight of the lost one stays with the node
  received(*node, 0, 1, 0);
  check_close(*trained(*node, 1, 2).values(), {4});
}

TEST_CASE("a node that has waited long enough goes on, and leaves out what comes too late") {
  const auto node = middle_of_three();
  trained(*node, 0, 3);
  received(*node, 0, 0, 6);
  Actions over;
  node->on_wait_over(over);
  REQUIRE(over.starts_round());
  CHECK(over.mixing().missed == 1);
  CHECK_FALSE(received(*node, 2, 0, 1000).starts_round());
  trained(*node, 1, 3);
  received(*node, 0, 1, 3);
  check_close(*received(*node, 2, 1, 3).values(), {3});
}

TEST_CASE("a node that comes back goes on with the first round that its neighbours still speak of") {
  const auto node = middle_of_three();
  received(*node, 0, 7, 6);
  received(*node, 2, 8, 9);
  const Actions alone = trained(*node, 0, 3);
  REQUIRE(alone.starts_round());
  CHECK(alone.mixing().missed == 2);
  const Actions back = trained(*node, 1, 3);
  REQUIRE(back.sends().size() == 2);
  CHECK(back.sends()[0].round == 7);
  check_close(*back.values(), {4});
}

TEST_CASE("d-psgd agrees with decentralizepy's full sharing (numeric cases)") {
  for (const auto& example : test::vector_cases("crosschecked/dpsgd_mh")) {
    auto run = test::Crosschecked(example["setup"]).run(test::protocols_of("d-psgd", path_of_three()));
    test::check_rounds(run, example["atc_decentralizepy"], "after_average");
  }
}

TEST_CASE("combine-then-adapt is the form of Lian et al., one local step a round (numeric cases)") {
  for (const auto& example : test::vector_cases("crosschecked/dpsgd_mh")) {
    test::Crosschecked setup(example["setup"]);
    setup.steps = 1;
    auto run = setup.run(test::protocols_of("d-psgd", path_of_three(), {{"order", std::string("combine-then-adapt")}}));
    test::check_rounds(run, example["cta_lian2017_tau1"], "x");
  }
}

TEST_CASE("combine-then-adapt sends the model before its local steps, and adds them to the mean") {
  const auto node = test::protocols_of("d-psgd", path_of_three(), {{"order", std::string("combine-then-adapt")}})({1});
  Actions start;
  node->on_start(shared({6}), start);
  REQUIRE(start.sends().size() == 2);
  CHECK(*start.sends()[0].values == Values{6});
  CHECK(trained(*node, 0, 10).sends().empty());
  received(*node, 0, 0, 0);
  const Actions done = received(*node, 2, 0, 3);
  check_close(*done.values(), {7});  // (6 + 0 + 3) / 3 + (10 - 6)
  REQUIRE(done.sends().size() == 2);
  CHECK(done.sends()[0].round == 1);
  CHECK(*done.sends()[0].values == Values{7});
}

TEST_CASE("a model of another size counts as one that did not come") {
  const auto node = middle_of_three();
  trained(*node, 0, 3);
  received(*node, 0, 0, 6);
  Actions done;
  node->on_message({2, 0, 0, shared({9, 9}), nullptr}, done);
  REQUIRE(done.starts_round());
  CHECK(done.mixing().missed == 1);
  CHECK(done.mixing().mixed == 1);
  check_close(*done.values(), {4});
}

TEST_CASE("d-psgd keeps the mean of all models and brings them together") {
  std::vector<Values> initial;
  for (int i = 0; i < 8; ++i) initial.push_back({static_cast<float>(i), static_cast<float>(i * i)});
  const Graph ring = Graph::from_edges(8, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}, {7, 0}});
  Lockstep run(d_psgd_on(ring), initial, test::no_steps);
  run.run_until(100);
  for (NodeId node = 0; node < 8; ++node) check_close(run.model(node), {3.5, 17.5}, 1e-4);
}

}  // namespace tardigrad
