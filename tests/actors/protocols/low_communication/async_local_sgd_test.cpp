#include "actors/protocols/low_communication/async_local_sgd.hpp"

#include <doctest/doctest.h>

#include "tests/actors/algorithm_options.hpp"
#include "tests/memory_archive.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

using Doubles = std::vector<double>;

Values plus(Values sum, const Values& other) {
  for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += other[p];
  return sum;
}

ProtocolMessage as_message(NodeId from, const Actions::Send& sent) {
  return {from, sent.kind, sent.round, sent.values};
}

/// A server, node 1, and its only worker, which has trained a round and sent its difference (1, 0).
struct Exchange {
  AsyncServer server{1, {1.0, 0, 1}, 0};
  AsyncWorker worker{1};
  Actions sent;

  Exchange() {
    Actions ignored;
    server.on_start(shared({1, 1}), ignored);
    worker.on_start(shared({1, 1}), ignored);
    worker.on_trained({0, shared({0, 1})}, sent);
    REQUIRE(sent.sends().size() == 1);
    CHECK(sent.awaited() == std::vector<NodeId>{1});
  }
};

}  // namespace

TEST_CASE("async local SGD: workers' differences at the server, and its answers (numeric cases)") {
  for (const auto& file : test::vector_cases("async_local_sgd")) {
    const NodeId workers = file["workers"];
    for (const auto& example : file["cases"]) {
      const auto& options = example["options"];
      AsyncServer server(
          workers,
          {options["outer_learning_rate"], options["outer_momentum"], options["delay"], options["momentum_activation"]},
          options["staleness_power"]);
      Actions begun;
      server.on_start(shared(file["initial"].get<Values>()), begun);
      std::vector<AsyncWorker> all(workers, AsyncWorker(workers));
      std::vector<Values> starts(workers, file["initial"].get<Values>());
      std::vector<Round> rounds(workers);
      for (AsyncWorker& worker : all) worker.on_start(begun.values(), begun);
      for (std::size_t k = 0; k < file["arrivals"].size(); ++k) {
        const NodeId node = file["arrivals"][k];
        const Values half = plus(starts[node], file["update_of_arrival"][k].get<Values>());
        Actions trained, answered, next;
        all[node].on_trained({rounds[node]++, shared(half)}, trained);
        server.on_message(as_message(node, trained.sends().at(0)), answered);
        check_close(*answered.values(), example["after_arrival"][k].get<Doubles>());
        all[node].on_message(as_message(workers, answered.sends().at(0)), next);
        REQUIRE(next.starts_round());
        starts[node] = *next.values();
      }
    }
  }
}

TEST_CASE("async local SGD: a difference that is sent again is answered again and counts once") {
  Exchange exchange;
  Actions first, again, second;
  exchange.server.on_message(as_message(0, exchange.sent.sends()[0]), first);
  exchange.worker.on_wait_over(again);
  exchange.server.on_message(as_message(0, again.sends().at(0)), second);
  check_close(*second.sends().at(0).values, {0, 1});

  Actions next, late;
  exchange.worker.on_message(as_message(1, first.sends().at(0)), next);
  CHECK(next.starts_round());
  exchange.worker.on_trained({1, shared({0, 0})}, late);  // its second answer comes while it waits for round 2's
  exchange.worker.on_message(as_message(1, second.sends().at(0)), late);
  CHECK_FALSE(late.starts_round());
}

TEST_CASE("async local SGD: both sides go on from their saved states as if nothing had happened") {
  Exchange exchange;
  AsyncServer server(1, {1.0, 0, 1}, 0);
  AsyncWorker worker(1);
  Actions first, again, second, next;
  exchange.server.on_message(as_message(0, exchange.sent.sends()[0]), first);
  REQUIRE(test::load(test::saved(exchange.server), server));
  REQUIRE(test::load(test::saved(exchange.worker), worker));
  worker.on_wait_over(again);
  server.on_message(as_message(0, again.sends().at(0)), second);
  check_close(*second.sends().at(0).values, {0, 1});
  worker.on_message(as_message(1, second.sends().at(0)), next);
  CHECK(next.starts_round());
}

TEST_CASE("async local SGD refuses strangers, rounds out of order and wrong sizes, and nobody waits for ever") {
  Exchange exchange;
  for (const ProtocolMessage& unsound :
       {ProtocolMessage{5, 0, 1, shared({1, 0})}, ProtocolMessage{0, 1, 1, shared({1, 0})},
        ProtocolMessage{0, 0, 2, shared({1, 0})}, ProtocolMessage{0, 0, 0, shared({1, 0})}}) {
    Actions actions;
    exchange.server.on_message(unsound, actions);
    CHECK(actions.refused().size() == 1);
    CHECK(actions.sends().empty());
  }
  Actions answered, asked;
  exchange.server.on_message({0, 0, 1, shared({1})}, answered);
  CHECK(answered.refused().size() == 1);
  check_close(*answered.sends().at(0).values, {1, 1});
  exchange.worker.on_message({1, 0, 1, shared({1})}, asked);
  CHECK(asked.refused().size() == 1);
  REQUIRE(asked.starts_round());
  check_close(*asked.values(), {0, 1});  // its own result
}

TEST_CASE("async local SGD: buffered, the server's rounds are its steps, and it answers every change at once") {
  AsyncServer server(2, {1.0, 0, 2, 0, true}, 0);
  Actions start, first, second;
  server.on_start(shared({4}), start);
  server.on_message({0, 0, 1, shared({2})}, first);
  CHECK_FALSE(first.starts_round());
  check_close(*first.sends().at(0).values, {4});
  server.on_message({1, 0, 1, shared({4})}, second);
  REQUIRE(second.starts_round());
  check_close(*second.values(), {1});  // by the mean of both
  check_close(*second.sends().at(0).values, {1});
}

TEST_CASE("async local SGD: an old change counts less, by the power of its age") {
  AsyncServer server(2, {1.0, 0, 1}, 1);
  Actions ignored, old;
  server.on_start(shared({0}), ignored);
  for (Round round = 1; round <= 3; ++round) server.on_message({0, 0, round, shared({0})}, ignored);
  server.on_message({1, 0, 1, shared({8})}, old);  // its start is three updates old
  check_close(*old.values(), {-2});
  CHECK(old.mixing().staleness_max == 3);
}

TEST_CASE("async local SGD by its options: the last node is the server, workers ask for their steps, delay 0 is all") {
  ProtocolContext run{graph_schedule({"complete", 0, ""}, 2, 1), 1};
  run.step_seconds = {0.01, 0.04};
  run.local_steps = 10;
  const auto factory =
      test::protocols_of("async-local-sgd", run,
                         {{"steps", std::string("by-speed")}, {"outer_momentum", 0.0}, {"outer_learning_rate", 0.7}});
  Actions fast, slow, served;
  factory({0, 0, 1})->on_start(shared({0}), fast);
  factory({1, 0, 1})->on_start(shared({0}), slow);
  CHECK(fast.work().steps == 10U);
  CHECK(slow.work().steps == 2U);
  const auto server = factory({2, 0, 1});
  server->on_start(shared({0}), served);
  server->on_message({1, 0, 1, shared({2})}, served);
  check_close(*served.sends().at(0).values, {-0.7});  // 0.7 times 2 by two workers
}

TEST_CASE("fedbuff: the server's model rests until K changes are in, and moves by their weighted mean") {
  const ProtocolContext run{graph_schedule({"complete", 0, ""}, 3, 1), 1};
  const auto server = test::protocols_of("fedbuff", run, {{"buffer", std::int64_t{2}}})({3, 0, 1});
  Actions start, first, second, third;
  server->on_start(shared({1}), start);
  server->on_message({0, 0, 1, shared({2})}, first);
  check_close(*first.sends().at(0).values, {1});
  server->on_message({1, 0, 1, shared({4})}, second);
  check_close(*second.values(), {-2});                // 1 - (2 + 4) / 2
  server->on_message({2, 0, 1, shared({2})}, third);  // started before that step: counts 1 / sqrt(2)
  server->on_message({1, 0, 2, shared({0})}, third);
  check_close(*third.values(), {-2 - std::sqrt(0.5)});
}

TEST_CASE("async local SGD: a share of the momentum that makes no sense is objected to") {
  const Algorithm& algorithm = *find_algorithm("async-local-sgd");
  const auto objection = [&](double activation, std::int64_t delay, const std::string& apply) {
    AlgorithmOptions options(algorithm.options);
    options.set("momentum_activation", activation);
    options.set("delay", delay);
    options.set("apply", apply);
    return algorithm.objection(options, Graph::complete(4));
  };
  CHECK(objection(0.25, 0, "each").empty());
  CHECK(objection(0.26, 0, "each") ==
        "expected a momentum_activation of at most 0.25, one over the number of arrivals");
  CHECK(objection(0.26, 3, "each").empty());
  CHECK(objection(0.1, 0, "buffered") ==
        "with apply = \"buffered\" the model rests until all arrivals are in: expected momentum_activation = 0");
}

}  // namespace tardigrad
