#include "actors/protocols/low_communication/decoupled_diloco.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <utility>

#include "models/codecs/bit_stream.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/memory_archive.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using std::chrono::milliseconds;
using test::check_close;
using test::shared;

namespace {

using Doubles = std::vector<double>;

constexpr auto kRequest = static_cast<std::uint8_t>(DecoupledKind::request);
constexpr auto kModel = static_cast<std::uint8_t>(DecoupledKind::model);
constexpr auto kAnswer = static_cast<std::uint8_t>(DecoupledKind::answer);

Values plus(Values sum, const Values& other) {
  for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += other[p];
  return sum;
}

SharedBytes counters(std::uint64_t steps, std::uint64_t tokens) {
  EncodedBytes bytes;
  BitWriter bits(bytes);
  bits.write(steps, 32);
  bits.write(tokens, 32);
  bits.finish();
  return share(std::move(bytes));
}

ProtocolMessage answer(NodeId from, Round step, Values values, std::uint64_t steps = 1, std::uint64_t tokens = 1) {
  return {from, kAnswer, step, shared(std::move(values)), counters(steps, tokens)};
}

std::vector<ModelPart> parts_of(const nlohmann::json& file) {
  std::vector<ModelPart> parts;
  for (const auto& fragment : file["fragments"]) {
    parts.emplace_back();
    for (const auto& tensor : fragment) {
      parts.back().push_back({tensor["indices"].front(), tensor["indices"].size(), tensor["merge"] == "mean"});
    }
  }
  return parts;
}

/// The messages of this kind among those sent.
std::vector<Actions::Send> sent(const Actions& actions, std::uint8_t kind) {
  std::vector<Actions::Send> all;
  for (const Actions::Send& message : actions.sends()) {
    if (message.kind == kind) all.push_back(message);
  }
  return all;
}

/// Three learners, a model of two values in two parts, outer steps that take the merged value.
DecoupledSyncer syncer(NodeId quorum, Time slack = {}, double grace = 1) {
  return {3, {{{0, 1, false}}, {{1, 1, false}}}, {{1.0, 0}, quorum, grace, slack}};
}

}  // namespace

TEST_CASE("decoupled DiLoCo: the syncer's outer steps, what comes too late is dropped (numeric cases)") {
  for (const auto& file : test::vector_cases("decoupled_diloco")) {
    const auto parts = parts_of(file);
    const auto& options = file["options"];
    const NodeId learners = file["learners"];
    // Grace without end: every answer in time is awaited, and the wait's end comes before the first late one.
    DecoupledSyncer syncer(learners, parts,
                           {{options["outer_learning_rate"], options["outer_momentum"]},
                            options["quorum"].get<NodeId>(),
                            1,
                            std::chrono::hours(1)});
    Actions begun;
    syncer.on_start(shared(file["initial"].get<Values>()), begun);
    Round step = 0;
    for (const auto& outer_step : file["outer_steps"]) {
      ++step;
      Actions ended;
      for (const auto& given : outer_step["answers"]) {
        if (given["late"] && !ended.starts_round()) syncer.on_wait_over(ended);
        syncer.on_message(
            answer(given["learner"], step, given["values"].get<Values>(), given["steps"], given["tokens"]), ended);
      }
      if (!ended.starts_round()) syncer.on_wait_over(ended);
      check_close(*ended.values(), outer_step["outer_after"].get<Doubles>());
      const auto models = sent(ended, kModel);
      REQUIRE(models.size() == learners);
      CHECK(models[0].values->size() == size_of(parts[outer_step["fragment"].get<std::size_t>()]));
      CHECK(sent(ended, kRequest).size() == learners);
    }
  }
}

TEST_CASE("decoupled DiLoCo: a learner takes what came, then answers what it was asked (numeric cases)") {
  for (const auto& file : test::vector_cases("decoupled_diloco")) {
    const NodeId syncer = file["learners"];
    const auto parts = parts_of(file);
    DecoupledLearner learner(syncer, parts);
    Actions start;
    learner.on_start(shared(file["learner"]["initial"].get<Values>()), start);
    Values model = *start.values();
    Round round = 0;
    Round step = 0;
    // The number of an outer step that is later than the last and of this part.
    const auto next_step = [&](std::size_t part) {
      do ++step;
      while ((step - 1) % parts.size() != part);
      return step;
    };
    for (const auto& event : file["learner"]["events"]) {
      Actions actions;
      if (event["kind"] != "trained") {
        const bool is_model = event["kind"] == "broadcast";
        learner.on_message({syncer, is_model ? kModel : kRequest, next_step(event["fragment"]),
                            is_model ? shared(event["values"].get<Values>()) : nullptr},
                           actions);
        CHECK(actions.refused().empty());
        CHECK_FALSE(actions.starts_round());
        continue;
      }
      learner.on_trained({round++, shared(plus(model, event["update"].get<Values>())), event["steps"]}, actions);
      const auto answers = sent(actions, kAnswer);
      REQUIRE(answers.size() == event["answers"].size());
      for (std::size_t k = 0; k < answers.size(); ++k) {
        check_close(*answers[k].values, event["answers"][k]["values"].get<Doubles>());
        BitReader bits(*answers[k].encoded, 0, 64);
        CHECK(bits.read(32) == event["answers"][k]["steps"].get<std::uint32_t>());
        CHECK(answers[k].payload == 4 * answers[k].values->size() + 8);
      }
      REQUIRE(actions.starts_round());
      model = *actions.values();
      check_close(model, event["next_round_starts_from"].get<Doubles>());
    }
  }
}

TEST_CASE("decoupled DiLoCo: a quorum ends an outer step at once if no time is left, else after the grace time") {
  DecoupledSyncer eager = syncer(2);
  Actions start, one, two, late;
  eager.on_start(shared({0, 0}), start);
  CHECK(sent(start, kRequest).size() == 3);
  CHECK(start.awaited() == std::vector<NodeId>{0, 1, 2});
  eager.on_message(answer(2, 1, {2}), one);
  CHECK_FALSE(one.starts_round());
  eager.on_message(answer(0, 1, {4}), two);
  REQUIRE(two.starts_round());
  check_close(*two.values(), {3, 0});
  CHECK(two.mixing().missed == 1);
  eager.on_message(answer(1, 1, {9}), late);
  CHECK(late.refused().empty());
  CHECK_FALSE(late.starts_round());

  DecoupledSyncer patient = syncer(2, milliseconds(100), 0.5);
  Actions at_start, ignored, waits(milliseconds(40)), third(milliseconds(60));
  patient.on_start(shared({0, 0}), at_start);
  patient.on_message(answer(2, 1, {2}), ignored);
  patient.on_message(answer(0, 1, {4}), waits);
  CHECK_FALSE(waits.starts_round());
  CHECK(waits.longest_wait() == Time(milliseconds(30)));  // half of what is left of 100 ms after 40
  CHECK(waits.awaited() == std::vector<NodeId>{1});
  patient.on_message(answer(1, 1, {9}), third);
  REQUIRE(third.starts_round());
  check_close(*third.values(), {5, 0});
  CHECK_FALSE(third.longest_wait());
}

TEST_CASE("decoupled DiLoCo: a long wait asks again, or goes on with the answers that are there") {
  DecoupledSyncer syncer_of_all = syncer(3);
  Actions start, asked, ignored, ended;
  syncer_of_all.on_start(shared({0, 0}), start);
  syncer_of_all.on_wait_over(asked);
  CHECK(sent(asked, kRequest).size() == 3);
  CHECK(sent(asked, kRequest)[0].round == 1);
  syncer_of_all.on_message(answer(1, 1, {6}), ignored);
  syncer_of_all.on_message(answer(1, 1, {7}), ignored);  // asked twice, it answers twice
  syncer_of_all.on_wait_over(ended);
  REQUIRE(ended.starts_round());
  check_close(*ended.values(), {6, 0});
  CHECK(sent(ended, kRequest)[0].round == 2);
}

TEST_CASE("decoupled DiLoCo refuses strangers, other kinds and wrong sizes, and nobody waits for ever") {
  DecoupledSyncer server = syncer(3);
  Actions start;
  server.on_start(shared({1, 1}), start);
  for (const ProtocolMessage& unsound :
       {answer(3, 1, {1}), answer(0, 2, {1}), answer(0, 0, {1}), ProtocolMessage{0, kModel, 1, shared({1})}}) {
    Actions actions;
    server.on_message(unsound, actions);
    CHECK(actions.refused().size() == 1);
  }
  Actions ended;
  server.on_message(answer(0, 1, {1, 1}), ended);
  server.on_message(answer(1, 1, {1}, 0), ended);
  server.on_message({2, kAnswer, 1, shared({1})}, ended);
  CHECK(ended.refused() == std::vector<NodeId>{0, 1, 2});
  REQUIRE(ended.starts_round());
  check_close(*ended.values(), {1, 1});

  DecoupledLearner learner(3, {{{0, 1, false}}, {{1, 1, false}}});
  learner.on_start(shared({1, 1}), start);
  for (const ProtocolMessage& unsound :
       {ProtocolMessage{2, kRequest, 1, nullptr}, ProtocolMessage{3, kAnswer, 1, nullptr},
        ProtocolMessage{3, kRequest, 0, nullptr}, ProtocolMessage{3, kModel, 1, shared({1, 1})},
        ProtocolMessage{3, kModel, 1, nullptr}, ProtocolMessage{3, kRequest, 1, shared({1})},
        ProtocolMessage{3, kModel, ~Round{0}, shared({1})}}) {
    Actions actions;
    learner.on_message(unsound, actions);
    CHECK(actions.refused().size() == 1);
  }
}

TEST_CASE("decoupled DiLoCo: both sides go on from their saved states as if nothing had happened") {
  DecoupledSyncer server = syncer(2);
  DecoupledLearner learner(3, {{{0, 1, false}}, {{1, 1, false}}});
  Actions ignored, ended, trained;
  server.on_start(shared({0, 0}), ignored);
  server.on_message(answer(2, 1, {2}), ignored);
  learner.on_start(shared({0, 0}), ignored);
  learner.on_message({3, kRequest, 1, nullptr}, ignored);
  learner.on_message({3, kModel, 2, shared({7})}, ignored);

  DecoupledSyncer same_server = syncer(2);
  DecoupledLearner same_learner(3, {{{0, 1, false}}, {{1, 1, false}}});
  REQUIRE(test::load(test::saved(server), same_server));
  REQUIRE(test::load(test::saved(learner), same_learner));
  same_server.on_message(answer(0, 1, {4}), ended);
  REQUIRE(ended.starts_round());
  check_close(*ended.values(), {3, 0});
  same_learner.on_trained({0, shared({5, 5}), 1}, trained);
  check_close(*trained.values(), {5, 7});
  CHECK(trained.sends().size() == 1);
}

TEST_CASE("decoupled DiLoCo by its options: parts of whole tensors, a quorum of half the nodes, slack by their steps") {
  ProtocolContext run{graph_schedule({"complete", 0, ""}, 3, 1), 1};
  run.step_seconds = {0.01, 0.01, 0.04};
  FragmentInfo info{3, 0, 5};
  info.layout = std::make_shared<ParameterLayout>(ParameterLayout{{{"a", {2}}, {"b", {3}}}, true});
  const auto server = test::protocols_of("decoupled-diloco", run, {{"overlap", 10.0}})(info);
  Actions start, first, second(milliseconds(150));
  server->on_start(shared({0, 0, 0, 0, 0}), start);
  server->on_message(answer(0, 1, {1, 1}), first);
  CHECK_FALSE(first.changes_wait());
  server->on_message(answer(1, 1, {1, 1}), second);
  CHECK(second.longest_wait() == Time(milliseconds(50)));  // ten steps of 20 ms, less 150 ms

  const Algorithm& algorithm = *find_algorithm("decoupled-diloco");
  AlgorithmOptions options(algorithm.options);
  options.set("quorum", std::int64_t{5});
  CHECK(algorithm.objection(options, Graph::complete(5)).empty());
  CHECK(algorithm.objection(options, Graph::complete(4)) == "a quorum of 5 of 4 nodes");
}

}  // namespace tardigrad
