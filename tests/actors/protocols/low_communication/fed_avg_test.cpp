#include "actors/protocols/low_communication/fed_avg.hpp"

#include <doctest/doctest.h>

#include <map>

#include "tests/actors/algorithm_options.hpp"
#include "tests/memory_archive.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

constexpr auto kModel = static_cast<std::uint8_t>(FedAvgKind::model);
constexpr auto kAnswer = static_cast<std::uint8_t>(FedAvgKind::answer);

ProtocolMessage model(Round round, Values values) { return {2, kModel, round, shared(std::move(values))}; }
ProtocolMessage answer(NodeId from, Round round, Values values) {
  return {from, kAnswer, round, shared(std::move(values))};
}

}  // namespace

TEST_CASE("fedavg: the server's model becomes the mean of what all workers made of it, or steps towards it") {
  for (const double rate : {1.0, 0.5}) {
    FedAvgServer server(2, 2, rate, 1);
    Actions start, first, second;
    server.on_start(shared({2, 0}), start);
    REQUIRE(start.sends().size() == 2);
    CHECK(start.awaited() == std::vector<NodeId>{0, 1});
    server.on_message(answer(1, 1, {4, 2}), first);
    CHECK_FALSE(first.starts_round());
    CHECK(first.awaited() == std::vector<NodeId>{0});
    server.on_message(answer(0, 1, {8, 2}), second);
    REQUIRE(second.starts_round());
    check_close(*second.values(), rate == 1 ? std::vector<double>{6, 2} : std::vector<double>{4, 1});
    CHECK(second.sends().at(1).round == 2);
    CHECK(second.sends().at(1).values == second.values());
  }
}

TEST_CASE("fedavg draws so many workers a round, each equally often, the same by the same seed") {
  std::map<NodeId, int> counts;
  for (Round round = 1; round <= 3000; ++round) {
    const auto drawn = drawn_workers(6, 2, 7, round);
    CHECK(drawn == drawn_workers(6, 2, 7, round));
    REQUIRE(drawn.size() == 2);
    CHECK(drawn[0] < drawn[1]);
    for (const NodeId worker : drawn) ++counts[worker];
  }
  REQUIRE(counts.size() == 6);
  for (const auto& [worker, count] : counts) CHECK(count == doctest::Approx(1000).epsilon(0.1));  // four deviations
  CHECK(drawn_workers(3, 9, 7, 1) == std::vector<NodeId>{0, 1, 2});
}

TEST_CASE("fedavg: a worker rests until it is drawn, and trains what comes meanwhile behind what it has begun") {
  FedAvgWorker worker(2);
  Actions start, drawn, meanwhile, over, done;
  worker.on_start(shared({1}), start);
  CHECK_FALSE(start.starts_round());
  check_close(*start.values(), {1});
  worker.on_message(model(3, {5}), drawn);
  REQUIRE(drawn.starts_round());
  check_close(*drawn.values(), {5});
  worker.on_message(model(4, {6}), meanwhile);
  CHECK_FALSE(meanwhile.starts_round());
  worker.on_trained({0, shared({5.5F})}, over);
  CHECK(over.sends().empty());  // the server has ended round 3
  REQUIRE(over.starts_round());
  check_close(*over.values(), {6});
  worker.on_trained({1, shared({7})}, done);
  REQUIRE(done.sends().size() == 1);
  CHECK(done.sends()[0].round == 4);
  check_close(*done.values(), {7});
}

TEST_CASE("fedavg: after a long wait the server goes on with what is there, and what was lost is sent again") {
  FedAvgServer server(2, 2, 1, 1);
  FedAvgWorker worker(2);
  Actions start, again, trained, repeated, ended, late;
  server.on_start(shared({1}), start);
  server.on_wait_over(again);
  CHECK(again.sends().size() == 2);
  CHECK_FALSE(again.starts_round());
  worker.on_start(shared({1}), start);
  worker.on_message(model(1, {1}), start);
  worker.on_trained({0, shared({3})}, trained);
  worker.on_message(model(1, {1}), repeated);
  CHECK(repeated.sends().size() == 1);
  CHECK_FALSE(repeated.starts_round());
  server.on_message(answer(0, 1, {3}), ended);
  server.on_wait_over(ended);
  REQUIRE(ended.starts_round());
  check_close(*ended.values(), {3});
  CHECK(ended.mixing().missed == 1);
  server.on_message(answer(1, 1, {9}), late);
  CHECK(late.refused().empty());
  CHECK_FALSE(late.values());
}

TEST_CASE("fedavg refuses strangers, other kinds, rounds to come and wrong sizes, and nobody waits for ever") {
  FedAvgServer server(2, 2, 1, 1);
  FedAvgWorker worker(2);
  Actions start, ended;
  server.on_start(shared({1}), start);
  worker.on_start(shared({1}), start);
  for (const ProtocolMessage& unsound : {answer(2, 1, {1}), answer(0, 2, {1}), answer(0, 0, {1}), model(1, {1})}) {
    Actions actions;
    server.on_message(unsound, actions);
    CHECK(actions.refused().size() == 1);
  }
  for (const ProtocolMessage& unsound :
       {answer(2, 1, {1}), model(0, {1}), ProtocolMessage{1, kModel, 1, shared({1})}, model(~Round{0}, {1})}) {
    Actions actions;
    worker.on_message(unsound, actions);
    CHECK(actions.refused().size() == 1);
    CHECK_FALSE(actions.starts_round());
  }
  Actions begun;
  worker.on_message(model(1, {9, 9}), begun);
  CHECK(begun.refused() == std::vector<NodeId>{2});
  REQUIRE(begun.starts_round());
  check_close(*begun.values(), {1});  // its own
  server.on_message(answer(0, 1, {1, 1}), ended);
  server.on_message(answer(1, 1, {5}), ended);
  CHECK(ended.refused() == std::vector<NodeId>{0});
  REQUIRE(ended.starts_round());
  check_close(*ended.values(), {5});
}

TEST_CASE("fedavg: both sides go on from their saved states as if nothing had happened") {
  FedAvgServer server(2, 2, 1, 1), same_server(2, 2, 1, 1);
  FedAvgWorker worker(2), same_worker(2);
  Actions ignored, ended, trained;
  server.on_start(shared({1}), ignored);
  server.on_message(answer(0, 1, {3}), ignored);
  worker.on_start(shared({1}), ignored);
  worker.on_message(model(1, {1}), ignored);
  worker.on_message(model(2, {4}), ignored);
  REQUIRE(test::load(test::saved(server), same_server));
  REQUIRE(test::load(test::saved(worker), same_worker));
  same_server.on_message(answer(1, 1, {5}), ended);
  check_close(*ended.values(), {4});
  same_worker.on_trained({0, shared({2})}, trained);
  check_close(*trained.values(), {4});
}

TEST_CASE("fedavg by its options: more workers a round than nodes are objected to") {
  const Algorithm& algorithm = *find_algorithm("fedavg");
  AlgorithmOptions options(algorithm.options);
  options.set("workers_per_round", std::int64_t{3});
  CHECK(algorithm.objection(options, Graph::complete(3)).empty());
  CHECK(algorithm.objection(options, Graph::complete(2)) == "3 workers a round of 2 nodes");
  const ProtocolContext run{graph_schedule({"complete", 0, ""}, 4, 1), 1};
  const auto server = test::protocols_of("fedavg", run, {{"workers_per_round", std::int64_t{3}}})({4, 0, 1});
  Actions start;
  server->on_start(shared({1}), start);
  CHECK(start.sends().size() == 3);
}

}  // namespace tardigrad
