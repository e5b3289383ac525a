#include "actors/protocols/averaging/all_reduce.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

ProtocolFactory reducing(NodeId size) {
  return protocols_of(all_reduce_algorithm(), graph_schedule({"ring", 0, ""}, size, 1));
}

Values steps_of_their_own(NodeId node, Round round, const Values& model) {
  Values trained = model;
  for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += 0.1F * static_cast<float>(node * p + round);
  return trained;
}

}  // namespace

TEST_CASE("all-reduce gives all nodes the mean, the same bit by bit, whatever the order of arrival") {
  for (const NodeId size : {2U, 3U, 5U, 8U}) {
    for (const std::size_t parameters : {1U, 3U, 8U, 100U}) {
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        INFO(size << " nodes, " << parameters << " parameters, seed " << seed);
        auto models = scattered_models(size, parameters);
        Lockstep run(reducing(size), models, steps_of_their_own, seed);
        for (Round round = 0; round < 4; ++round) {
          for (NodeId node = 0; node < size; ++node) models[node] = steps_of_their_own(node, round, models[node]);
          const auto mean = mean_of(models);
          run.run_until(round + 1);
          check_close(run.model(0), mean, 1e-4);
          for (NodeId node = 0; node < size; ++node) CHECK(run.model(node) == run.model(0));
          models.assign(size, run.model(0));
        }
      }
    }
  }
}

TEST_CASE("a node sends a chunk of the model to the next in each of 2 (n - 1) steps, in all 2 (n - 1) / n models") {
  constexpr NodeId size = 5;
  Lockstep run(reducing(size), scattered_models(size, 103), no_steps);
  run.run_until(1);
  Bytes bytes = 0;
  for (NodeId node = 0; node < size; ++node) {
    CHECK(run.sent(node).size() == 2 * (size - 1));
    for (const Actions::Send& message : run.sent(node)) {
      CHECK(message.to == (node + 1) % size);
      CHECK(message.payload == 4 * message.values->size());
      CHECK(message.values->size() >= 20);
      CHECK(message.values->size() <= 21);
      bytes += message.payload.value();
    }
  }
  CHECK(bytes == 2 * (size - 1) * 103 * 4);
}

TEST_CASE("the next chunk goes on when the one before it has come, and what comes early is kept") {
  OneNode node(reducing(3), 1, {0, 0, 0});
  node.received(0, 0, {100});  // chunk 0, while local steps go on
  node.received(0, 1, {300});  // chunk 2, with what node 2 had
  const Actions first = node.trained({1, 2, 3});
  REQUIRE(first.sends().size() == 3);
  CHECK_FALSE(first.starts_round());
  CHECK(first.awaited() == std::vector<NodeId>{0});
  check_close(*first.sends()[0].values, {2});
  check_close(*first.sends()[1].values, {101});
  check_close(*first.sends()[2].values, {303});  // whole: everyone has it
  const Actions second = node.received(0, 2, {200});
  REQUIRE(second.sends().size() == 1);
  check_close(*second.sends()[0].values, {200});
  const Actions done = node.received(0, 3, {30});
  CHECK(done.sends().empty());
  REQUIRE(done.starts_round());
  CHECK(first.mixing().mixed == 2);
  check_close(*done.values(), {30 / 3.0, 200 / 3.0, 303 / 3.0}, 1e-4);
}

TEST_CASE("a node of an all-reduce does not give up waiting") {
  OneNode node(reducing(3), 1, {0, 0, 0});
  CHECK(node.trained({1, 2, 3}).awaited() == std::vector<NodeId>{0});
  const Actions over = node.waited();
  CHECK_FALSE(over.starts_round());
  CHECK(over.sends().empty());
}

TEST_CASE("a chunk of another size is left out and crashes nothing") {
  for (const SharedValues& values : {SharedValues(), shared({}), shared({1, 2})}) {
    OneNode node(reducing(2), 1, {0, 0});
    node.trained({4, 6});
    CHECK(node.received({0, 0, 0, values}).mixing().missed == 1);
    CHECK(node.received({0, 0, 1, values}).starts_round());
  }
}

TEST_CASE("where nothing is learned chunks have the sizes that they would have") {
  OneNode node(reducing(4), 0, {}, 10);
  CHECK(node.trained({}).sends()[0].payload == Bytes{4 * 2});
  CHECK(node.received({3, 0, 0, nullptr}).sends()[0].payload == Bytes{4 * 3});
  // Fewer values than nodes: some chunks are empty, and travel as a header.
  OneNode small(reducing(4), 0, {}, 1);
  CHECK(small.trained({}).sends()[0].payload == Bytes{0});
}

TEST_CASE("all-reduce needs the ring in its graph") {
  const Algorithm algorithm = all_reduce_algorithm();
  const auto objection = [&](const char* kind) {
    return algorithm.objection(AlgorithmOptions(), build_topology({kind, 3, ""}, 9, 1).graph);
  };
  for (const char* kind : {"ring", "complete", "exponential", "directed-ring", "directed-exponential"}) {
    CHECK(objection(kind).empty());
  }
  CHECK(objection("chain").find("no edge from 8 to 0") != std::string::npos);
}

}  // namespace tardigrad
