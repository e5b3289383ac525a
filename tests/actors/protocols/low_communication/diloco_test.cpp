#include "actors/protocols/low_communication/diloco.hpp"

#include <doctest/doctest.h>

#include "actors/protocols/averaging/all_reduce.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {

using namespace test;

namespace {

ProtocolFactory diloco_of(NodeId nodes, double learning_rate, double momentum) {
  return [=](const FragmentInfo& info) {
    return std::make_unique<DiLoCo>(info, nodes, DelayedNesterov::Settings{learning_rate, momentum});
  };
}

Values steps_of_their_own(NodeId node, Round round, const Values& model) {
  Values trained = model;
  for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += 0.1F * static_cast<float>((node + p + round) % 7);
  return trained;
}

void check_case(const nlohmann::json& file, const nlohmann::json& example) {
  const auto initial = file["initial"].get<std::vector<Values>>();
  const auto nodes = static_cast<NodeId>(initial.size());
  const auto& options = example["options"];
  Lockstep run(diloco_of(nodes, options["outer_learning_rate"], options["outer_momentum"]), initial, updates_of(file));
  for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
    INFO("round " << round);
    run.run_until(round + 1);
    for (NodeId node = 0; node < nodes; ++node) {
      check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
      check_close(dynamic_cast<const DiLoCo&>(run.protocol(node)).momentum(),
                  example["momentum_after_round"][round].get<std::vector<double>>());
    }
  }
}

}  // namespace

TEST_CASE("diloco makes an outer Nesterov step along the mean of all changes (numeric cases)") {
  for (const auto& file : vector_cases("diloco")) {
    for (const auto& example : file["cases"]) check_case(file, example);
  }
}

TEST_CASE("diloco's models are the same everywhere, bit by bit, whatever the order of arrival") {
  for (const NodeId size : {2U, 5U, 8U}) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      Lockstep run(diloco_of(size, 0.7, 0.9), std::vector<Values>(size, Values(13, 1.0F)), steps_of_their_own, seed);
      for (Round round = 1; round <= 4; ++round) {
        run.run_until(round);
        for (NodeId node = 1; node < size; ++node) CHECK(run.model(node) == run.model(0));
      }
      CHECK(run.model(0) != Values(13, 1.0F));
    }
  }
}

TEST_CASE("diloco with the outer learning rate 1 and no momentum is all-reduce") {
  constexpr NodeId size = 5;
  const std::vector<Values> initial(size, scattered_models(1, 9).front());
  Lockstep outer(diloco_of(size, 1, 0), initial, steps_of_their_own);
  Lockstep mean(protocols_of(all_reduce_algorithm(), graph_schedule({"ring", 0, ""}, size, 1)), initial,
                steps_of_their_own);
  outer.run_until(5);
  mean.run_until(5);
  check_close(outer.model(0), {mean.model(0).begin(), mean.model(0).end()});
}

TEST_CASE("diloco by itself looks ahead") {
  Lockstep run(diloco_of(1, 0.5, 0), {{1, 2}}, [](NodeId, Round, const Values& model) {
    return Values{model[0] + 1, model[1] - 4};
  });
  run.run_until(2);
  check_close(run.model(0), {2, -2});
}

TEST_CASE("diloco's usual options are the paper's, and its messages those of all-reduce") {
  const Algorithm algorithm = diloco_algorithm();
  const AlgorithmOptions options(algorithm.options);
  CHECK(options.number("outer_learning_rate") == 0.7);
  CHECK(options.number("outer_momentum") == 0.9);
  CHECK(algorithm.needs_every_message(options));
  CHECK(algorithm.exchanges_per_round(5) == 8);
  OneNode node(protocols_of(algorithm, graph_schedule({"ring", 0, ""}, 2, 1)), 0, {5, 6});
  const Actions first = node.trained({4, 6});
  REQUIRE(first.sends().size() == 1);
  check_close(*first.sends()[0].values, {1});  // start minus end
  CHECK(first.awaited() == std::vector<NodeId>{1});
  CHECK_FALSE(node.waited().starts_round());
  node.received(1, 0, {2});
  const Actions done = node.received(1, 1, {3});
  REQUIRE(done.starts_round());
  // The mean is (1.5, 1), the first step from a momentum of 0 goes by nu (1 + mu) times it.
  check_close(*done.values(), {5 - 0.7 * 1.9 * 1.5, 6 - 0.7 * 1.9 * 1}, 1e-5);
}

TEST_CASE("diloco goes on from its saved state in the middle of an exchange") {
  const ProtocolFactory protocols = diloco_of(3, 0.7, 0.9);
  struct Played {
    SharedValues model;
    std::size_t messages = 0;
  };
  // Each round takes four messages of node 0.
  const auto play = [](FragmentProtocol& protocol, Round from, Round to) {
    Played played;
    for (Round step = from; step < to; ++step) {
      Actions actions;
      if (step % 4 == 0) protocol.on_trained({step / 4, shared({4, 6, 8.5F})}, actions);
      protocol.on_message({0, 0, step, shared({0.25F * static_cast<float>(step)})}, actions);
      if (actions.starts_round()) played.model = actions.values();
      played.messages += actions.sends().size();
    }
    return played;
  };
  const auto whole = protocols({1, 0, 3});
  Actions start;
  whole->on_start(shared({1, 2, 3}), start);
  play(*whole, 0, 6);
  const auto resumed = protocols({1, 0, 3});
  REQUIRE(load(saved(*whole), *resumed));
  const Played expected = play(*whole, 6, 12);
  const Played reached = play(*resumed, 6, 12);
  CHECK(*reached.model == *expected.model);
  CHECK(reached.messages == expected.messages);
}

}  // namespace tardigrad
