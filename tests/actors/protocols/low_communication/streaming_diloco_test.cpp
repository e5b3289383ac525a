#include "actors/protocols/low_communication/streaming_diloco.hpp"

#include <doctest/doctest.h>

#include "actors/protocols/low_communication/diloco.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {

using namespace test;

namespace {

using Doubles = std::vector<double>;
using Chosen = std::map<std::string, OptionSpec::Value>;

ProtocolFactory streaming(NodeId nodes, const Chosen& chosen, FragmentId fragment = 0) {
  const auto whole = protocols_of(streaming_diloco_algorithm(), graph_schedule({"ring", 0, ""}, nodes, 1), chosen);
  return [whole, fragment](const FragmentInfo& info) { return whole({info.node, fragment, info.parameters}); };
}

/// One fragment that has a turn at every boundary.
ProtocolFactory in_one(NodeId nodes, std::int64_t delay, double alpha) {
  return streaming(nodes, {{"fragments", std::int64_t{1}}, {"delay", delay}, {"alpha", alpha}});
}

ProtocolFactory when_delivered(NodeId nodes, double alpha = 0.5) {
  return streaming(nodes, {{"fragments", std::int64_t{1}}, {"due", std::string("when-delivered")}, {"alpha", alpha}});
}

const DelayedNesterov& outer_of(Lockstep& run, NodeId node) {
  return dynamic_cast<const StreamingDiLoCo&>(run.protocol(node)).outer();
}

template <class Number>
std::vector<Number> at(const std::vector<Number>& whole, const std::vector<std::size_t>& indices) {
  std::vector<Number> part;
  for (const std::size_t index : indices) part.push_back(whole[index]);
  return part;
}

Chosen options_of(const nlohmann::json& file, const nlohmann::json& options) {
  REQUIRE(options["first_boundary"] == 1);
  return {{"fragments", static_cast<std::int64_t>(file["fragments"].size())},
          {"every", options["every_rounds"].get<std::int64_t>()},
          {"delay", options["delay_rounds"].get<std::int64_t>()},
          {"alpha", options["alpha"].get<double>()},
          {"outer_learning_rate", options["outer_learning_rate"].get<double>()},
          {"outer_momentum", options["outer_momentum"].get<double>()}};
}

/// A fragment is a run of its own: those of a node begin their rounds together, and nothing else.
void check_fragment(const nlohmann::json& file, const nlohmann::json& example, FragmentId fragment) {
  const auto indices = file["fragments"][fragment].get<std::vector<std::size_t>>();
  const auto updates = file["updates"].get<std::vector<std::vector<Values>>>();
  std::vector<Values> initial;
  for (const auto& whole : file["initial"].get<std::vector<Values>>()) initial.push_back(at(whole, indices));
  const auto nodes = static_cast<NodeId>(initial.size());
  Lockstep run(streaming(nodes, options_of(file, example["options"]), fragment), initial,
               [&](NodeId node, Round round, const Values& model) {
                 Values trained = model;
                 const Values update = at(updates[round][node], indices);
                 for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += update[p];
                 return trained;
               });
  for (Round round = 0; round < updates.size(); ++round) {
    INFO("fragment " << fragment << ", boundary " << round + 1);
    run.run_until(round + 1);
    for (NodeId node = 0; node < nodes; ++node) {
      check_close(run.model(node), at(example["after_round"][round][node].get<Doubles>(), indices));
      check_close(*outer_of(run, node).model(), at(example["outer_after_round"][round].get<Doubles>(), indices));
      check_close(outer_of(run, node).momentum(), at(example["momentum_after_round"][round].get<Doubles>(), indices));
    }
  }
}

Values steps_of_their_own(NodeId node, Round round, const Values& model) {
  Values trained = model;
  for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += 0.1F * static_cast<float>((node + p + round) % 7);
  return trained;
}

/// Options with which the outer step is the mean itself.
Chosen plain(Chosen chosen) {
  chosen["outer_learning_rate"] = 1.0;
  chosen["outer_momentum"] = 0.0;
  return chosen;
}

/// The first of two fragments, of two values, at the first of two nodes: it has its turn at boundaries 1, 3, 5, ...
ProtocolFactory every_second() { return streaming(2, plain({{"fragments", std::int64_t{2}}})); }

}  // namespace

TEST_CASE("streaming-diloco captures and lands one fragment after the other (numeric cases)") {
  for (const auto& file : vector_cases("streaming_diloco")) {
    for (const auto& example : file["cases"]) {
      INFO(example["options"].dump());
      for (FragmentId fragment = 0; fragment < file["fragments"].size(); ++fragment) {
        check_fragment(file, example, fragment);
      }
    }
  }
}

TEST_CASE("streaming-diloco of one fragment, landing at once with nothing kept of the own, is diloco") {
  constexpr NodeId size = 5;
  const std::vector<Values> initial(size, scattered_models(1, 9).front());
  Lockstep streamed(in_one(size, 0, 0), initial, steps_of_their_own);
  Lockstep whole(protocols_of(diloco_algorithm(), graph_schedule({"ring", 0, ""}, size, 1)), initial,
                 steps_of_their_own);
  for (Round round = 1; round <= 4; ++round) {
    streamed.run_until(round);
    whole.run_until(round);
    for (NodeId node = 0; node < size; ++node) CHECK(streamed.model(node) == whole.model(node));
  }
}

TEST_CASE("streaming-diloco's outer models are the same everywhere, bit by bit, whoever waits for whom") {
  constexpr NodeId size = 4;
  const auto initial = std::vector<Values>(size, Values(7, 1.0F));
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    for (const bool waits : {true, false}) {
      INFO("seed " << seed << ", waits " << waits);
      Lockstep run(waits ? in_one(size, 1, 0.5) : when_delivered(size), initial, steps_of_their_own, seed);
      for (Round round = 1; round <= 8; ++round) {
        run.run_until(round);
        for (NodeId node = 1; node < size; ++node) {
          if (outer_of(run, node).updates() != outer_of(run, 0).updates()) {
            CHECK_FALSE(waits);  // it has not been at a boundary since
            continue;
          }
          CHECK(*outer_of(run, node).model() == *outer_of(run, 0).model());
          CHECK(outer_of(run, node).momentum() == outer_of(run, 0).momentum());
        }
      }
      CHECK(outer_of(run, 0).updates() >= 3);
      CHECK(run.model(0) != run.model(1));
    }
  }
}

TEST_CASE("with alpha 1 streaming-diloco never touches training, and its outer model moves") {
  constexpr NodeId size = 3;
  const std::vector<Values> initial(size, Values{1, -2, 0.5F});
  Lockstep run(in_one(size, 1, 1), initial, steps_of_their_own);
  std::vector<Values> alone = initial;
  for (Round round = 0; round < 5; ++round) {
    run.run_until(round + 1);
    for (NodeId node = 0; node < size; ++node) {
      alone[node] = steps_of_their_own(node, round, alone[node]);
      CHECK(run.model(node) == alone[node]);
    }
  }
  CHECK(*outer_of(run, 0).model() != initial[0]);
}

TEST_CASE("a node of streaming-diloco trains on while a mean is under way, and waits for it once it is due") {
  OneNode node(every_second(), 0, {5, 6});
  const Actions turn = node.trained({4, 6});
  REQUIRE(turn.sends().size() == 1);
  check_close(*turn.sends()[0].values, {1});
  REQUIRE(turn.starts_round());
  CHECK(*turn.values() == Values{4, 6});
  CHECK(turn.awaited().empty());
  const Actions due = node.trained({3, 6});
  CHECK(due.sends().empty());
  CHECK_FALSE(due.starts_round());
  CHECK(due.awaited() == std::vector<NodeId>{1});
  CHECK_FALSE(node.received(1, 0, {2}).starts_round());
  const Actions landed = node.received(1, 1, {3});
  REQUIRE(landed.starts_round());
  CHECK(landed.awaited().empty());
  // The outer model is (5, 6) less the mean (1.5, 1), and half of the node's own (3, 6) is kept.
  check_close(*landed.values(), {3.25, 5.5});
  const Actions next = node.trained({3.25F, 5.5F});
  REQUIRE(next.sends().size() == 1);
  CHECK(next.sends()[0].round == 2);
  check_close(*next.sends()[0].values, {0.25});
}

TEST_CASE("a mean of streaming-diloco that is there early lands when it is due, and not before") {
  OneNode node(every_second(), 0, {5, 6});
  node.trained({4, 6});
  CHECK_FALSE(node.received(1, 0, {2}).starts_round());
  const Actions early = node.received(1, 1, {3});
  CHECK_FALSE(early.starts_round());
  CHECK(early.values() == nullptr);
  const Actions landed = node.trained({3, 6});
  REQUIRE(landed.starts_round());
  check_close(*landed.values(), {3.25, 5.5});
}

TEST_CASE("streaming-diloco without a delay lands at its turn, and waits there") {
  OneNode node(streaming(2, plain({{"fragments", std::int64_t{2}}, {"delay", std::int64_t{0}}})), 0, {5, 6});
  const Actions turn = node.trained({4, 6});
  CHECK(turn.sends().size() == 1);
  CHECK_FALSE(turn.starts_round());
  CHECK(turn.awaited() == std::vector<NodeId>{1});
  node.received(1, 0, {2});
  const Actions landed = node.received(1, 1, {3});
  REQUIRE(landed.starts_round());
  CHECK(landed.sends().empty());
  check_close(*landed.values(), {3.75, 5.5});
  CHECK(node.trained({3, 5}).starts_round());  // no turn, nothing due
}

TEST_CASE(
    "streaming-diloco that lands what is delivered waits for nobody, and loses a turn while a mean is under way") {
  OneNode node(streaming(2, plain({{"fragments", std::int64_t{1}}, {"due", std::string("when-delivered")}})), 0,
               {5, 6});
  CHECK(node.trained({4, 6}).starts_round());
  const Actions lost = node.trained({3, 6});
  REQUIRE(lost.starts_round());
  CHECK(lost.sends().empty());
  CHECK(lost.mixing().missed == 1);
  CHECK(*lost.values() == Values{3, 6});
  node.received(1, 0, {2});
  CHECK_FALSE(node.received(1, 1, {3}).starts_round());
  const Actions landed = node.trained({2, 6});
  REQUIRE(landed.starts_round());
  check_close(*landed.values(), {2.75, 5.5});
  CHECK(landed.mixing().missed == 0);
  REQUIRE(landed.sends().size() == 1);  // and has its turn again
  CHECK(landed.sends()[0].round == 2);
  check_close(*landed.sends()[0].values, {0.75});
}

TEST_CASE("streaming-diloco's messages are those of an all-reduce of the fragment at each of its turns") {
  constexpr NodeId nodes = 3;
  const Algorithm algorithm = streaming_diloco_algorithm();
  const AlgorithmOptions options(algorithm.options);
  CHECK(algorithm.fragments(options) == 3);
  CHECK(algorithm.needs_every_message(options));
  for (FragmentId fragment = 0; fragment < 3; ++fragment) {
    Lockstep run(streaming(nodes, {}, fragment), std::vector<Values>(nodes, Values(7)), no_steps);
    std::vector<double> count(nodes);
    std::vector<double> bytes(nodes);
    for (Round round = 0; round < 6; ++round) {
      run.run_until(round + 1);
      for (NodeId node = 0; node < nodes; ++node) {
        CHECK(run.sent(node).size() == (round % 3 == fragment ? 4 : 0));
        for (const Actions::Send& message : run.sent(node)) {
          count[node] += 1;
          bytes[node] += static_cast<double>(*message.payload);
        }
      }
    }
    const Graph graph = build_topology({"ring", 0, ""}, nodes, 1).graph;
    const auto codec = make_codec({});
    for (NodeId node = 0; node < nodes; ++node) {
      SentMessages sum;
      for (const SentMessages& sent : algorithm.sends(options, {node, 7, graph, *codec})) {
        sum.count += sent.count;
        sum.payload += sent.count * sent.payload;
      }
      CHECK(count[node] / 6 == doctest::Approx(sum.count));
      CHECK(bytes[node] / 6 == doctest::Approx(sum.payload));
    }
  }
}

TEST_CASE("streaming-diloco refuses a delay beyond a fragment's next turn, and graphs without a ring") {
  const Algorithm algorithm = streaming_diloco_algorithm();
  const auto objection = [&](std::int64_t delay, const std::string& due, const char* topology = "ring") {
    AlgorithmOptions options(algorithm.options);
    options.set("every", std::int64_t{2});
    options.set("delay", delay);
    options.set("due", due);
    return algorithm.objection(options, build_topology({topology, 0, ""}, 5, 1).graph);
  };
  CHECK(objection(6, "after-delay").empty());
  CHECK(objection(7, "after-delay").find("delay = 7 is longer than fragments * every = 6 rounds") == 0);
  CHECK(objection(7, "when-delivered").empty());
  CHECK(objection(1, "after-delay", "chain").find("no edge from 4 to 0") != std::string::npos);
}

TEST_CASE("streaming-diloco goes on from its saved state while it waits") {
  const auto whole = every_second()({0, 0, 2});
  Actions actions;
  whole->on_start(shared({5, 6}), actions);
  whole->on_trained({0, shared({4, 6})}, actions);
  whole->on_trained({1, shared({3, 6})}, actions);
  const auto resumed = every_second()({0, 0, 2});
  REQUIRE(load(saved(*whole), *resumed));
  Actions last;
  resumed->on_message({1, 0, 0, shared({2})}, last);
  resumed->on_message({1, 0, 1, shared({3})}, last);
  REQUIRE(last.starts_round());
  check_close(*last.values(), {3.25, 5.5});
}

}  // namespace tardigrad
