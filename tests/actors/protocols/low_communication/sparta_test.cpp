#include "actors/protocols/low_communication/sparta.hpp"

#include <doctest/doctest.h>

#include "actors/protocols/averaging/all_reduce.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {

using namespace test;

namespace {

using Mask = std::vector<std::uint64_t>;

ProtocolFactory masked(NodeId nodes, DrawMask masks) {
  return [nodes, masks = std::move(masks)](const FragmentInfo& info) {
    return std::make_unique<Sparta>(info, nodes, masks);
  };
}

DrawMask always_mask(Mask mask) {
  return [mask = std::move(mask)](Round, std::uint64_t) { return mask; };
}

Values steps_of_their_own(NodeId node, Round round, const Values& model) {
  Values trained = model;
  for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += 0.1F * static_cast<float>((3 * node + p + round) % 7);
  return trained;
}

}  // namespace

TEST_CASE("sparta averages the masked values over all nodes and leaves the others (numeric cases)") {
  for (const auto& file : vector_cases("sparta")) {
    const auto initial = file["initial"].get<std::vector<Values>>();
    const DrawMask masks = [masks = file["masks"].get<std::vector<Mask>>()](Round round, std::uint64_t) {
      return round < masks.size() ? masks[round] : Mask();
    };
    for (const auto& example : file["cases"]) {
      Lockstep run(masked(static_cast<NodeId>(initial.size()), masks), initial, updates_of(file));
      for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
        INFO("round " << round);
        run.run_until(round + 1);
        for (NodeId node = 0; node < initial.size(); ++node) {
          check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
        }
      }
    }
  }
}

TEST_CASE("sparta's mean over nodes moves by the mean of their changes, and masked values are the same bit by bit") {
  constexpr NodeId nodes = 5;
  constexpr std::size_t size = 40;
  const DrawMask masks = bernoulli_masks(0.2, 1);
  const auto algorithm =
      protocols_of(sparta_algorithm(), graph_schedule({"ring", 0, ""}, nodes, 1), {{"probability", 0.2}});
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    auto models = scattered_models(nodes, size);
    Lockstep run(algorithm, models, steps_of_their_own, seed);
    for (Round round = 0; round < 5; ++round) {
      for (NodeId node = 0; node < nodes; ++node) models[node] = steps_of_their_own(node, round, models[node]);
      run.run_until(round + 1);
      const auto expected = mean_of(models);
      for (NodeId node = 0; node < nodes; ++node) {
        for (const std::uint64_t p : masks(round, size)) CHECK(run.model(node)[p] == run.model(0)[p]);
        models[node] = run.model(node);
      }
      const auto reached = mean_of(models);
      for (std::size_t p = 0; p < size; ++p) CHECK(reached[p] == doctest::Approx(expected[p]).epsilon(1e-5));
    }
    CHECK(run.model(0) != run.model(1));
  }
}

TEST_CASE("sparta with every parameter is all-reduce, bit by bit") {
  constexpr NodeId nodes = 4;
  const auto initial = scattered_models(nodes, 9);
  const auto ring = graph_schedule({"ring", 0, ""}, nodes, 1);
  Lockstep all(protocols_of(sparta_algorithm(), ring, {{"probability", 1.0}}), initial, steps_of_their_own);
  Lockstep mean(protocols_of(all_reduce_algorithm(), ring), initial, steps_of_their_own);
  all.run_until(4);
  mean.run_until(4);
  for (NodeId node = 0; node < nodes; ++node) CHECK(all.model(node) == mean.model(node));
}

TEST_CASE("an empty mask of sparta sends nothing, and one of few values sends empty chunks") {
  constexpr NodeId nodes = 4;
  Lockstep none(masked(nodes, always_mask({})), std::vector<Values>(nodes, Values(6, 1.0F)), steps_of_their_own);
  none.run_until(3);
  for (NodeId node = 0; node < nodes; ++node) CHECK(none.sent(node).empty());
  Lockstep one(masked(nodes, always_mask({2})), std::vector<Values>(nodes, Values(6, 1.0F)), steps_of_their_own);
  one.run_until(1);
  Bytes bytes = 0;
  for (NodeId node = 0; node < nodes; ++node) {
    CHECK(one.sent(node).size() == 2 * (nodes - 1));
    for (const Actions::Send& message : one.sent(node)) bytes += *message.payload;
  }
  CHECK(bytes == 2 * (nodes - 1) * sizeof(float));
}

TEST_CASE("where nothing is learned sparta's chunks have the sizes that they would have") {
  OneNode node(masked(2, always_mask({0, 3, 5})), 0, {}, 10);
  const Actions first = node.trained({});
  REQUIRE(first.sends().size() == 1);
  CHECK(first.sends()[0].payload == Bytes{4});
  CHECK(node.received({1, 0, 0, nullptr}).sends()[0].payload == Bytes{8});
  CHECK(node.received({1, 0, 1, nullptr}).starts_round());
}

TEST_CASE("sparta's masks have each parameter with its probability, by itself, anew every round") {
  constexpr std::uint64_t size = 1000;
  for (const double probability : {0.005, 0.1, 0.5}) {
    const DrawMask masks = bernoulli_masks(probability, 7);
    std::vector<int> drawn(size);
    double values = 0;
    double neighbours = 0;
    for (Round round = 0; round < 400; ++round) {
      const Mask mask = masks(round, size);
      CHECK(masks(round, size) == mask);
      for (std::size_t k = 0; k < mask.size(); ++k) {
        REQUIRE(mask[k] < size);
        if (k > 0) REQUIRE(mask[k] > mask[k - 1]);
        if (k > 0 && mask[k] == mask[k - 1] + 1) neighbours += 1;
        ++drawn[mask[k]];
      }
      values += static_cast<double>(mask.size());
    }
    const double draws = 400.0 * size;
    CHECK(values / draws == doctest::Approx(probability).epsilon(0.08));
    CHECK(neighbours / draws == doctest::Approx(probability * probability).epsilon(probability < 0.01 ? 1 : 0.08));
    if (probability > 0.05) CHECK(*std::min_element(drawn.begin(), drawn.end()) > 0);
  }
  CHECK(bernoulli_masks(1, 7)(0, 5) == Mask{0, 1, 2, 3, 4});
}

TEST_CASE("what sparta sends in a round is foretold by its mean") {
  constexpr NodeId nodes = 4;
  constexpr std::size_t size = 30;
  const Algorithm algorithm = sparta_algorithm();
  AlgorithmOptions options(algorithm.options);
  options.set("probability", 0.05);
  const Graph graph = build_topology({"ring", 0, ""}, nodes, 1).graph;
  const auto codec = make_codec({});
  double count = 0;
  double bytes = 0;
  Lockstep run(protocols_of(algorithm, graph_schedule({"ring", 0, ""}, nodes, 1), {{"probability", 0.05}}),
               std::vector<Values>(nodes, Values(size)), no_steps);
  constexpr Round rounds = 400;
  for (Round round = 0; round < rounds; ++round) {
    run.run_until(round + 1);
    for (NodeId node = 0; node < nodes; ++node) {
      count += static_cast<double>(run.sent(node).size());
      for (const Actions::Send& message : run.sent(node)) bytes += static_cast<double>(*message.payload);
    }
  }
  const auto foretold = algorithm.sends(options, {0, size, graph, *codec});
  REQUIRE(foretold.size() == 1);
  CHECK(count / (rounds * nodes) == doctest::Approx(foretold[0].count).epsilon(0.05));
  CHECK(bytes / (rounds * nodes) == doctest::Approx(foretold[0].count * foretold[0].payload).epsilon(0.08));
}

TEST_CASE("sparta goes on from its saved state in the middle of an exchange") {
  const ProtocolFactory protocols = masked(2, always_mask({1, 2}));
  const auto whole = protocols({0, 0, 3});
  Actions start;
  whole->on_start(shared({1, 2, 3}), start);
  Actions first;
  whole->on_trained({0, shared({4, 6, 8})}, first);
  const auto resumed = protocols({0, 0, 3});
  REQUIRE(load(saved(*whole), *resumed));
  const auto end = [](FragmentProtocol& protocol) {
    Actions actions;
    protocol.on_message({1, 0, 0, shared({2})}, actions);
    protocol.on_message({1, 0, 1, shared({10})}, actions);
    REQUIRE(actions.starts_round());
    return *actions.values();
  };
  CHECK(end(*resumed) == Values{4, 5, 5});
  CHECK(end(*whole) == Values{4, 5, 5});
}

}  // namespace tardigrad
