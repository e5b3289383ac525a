#include "actors/protocols/parts/scored_sharing.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <set>

#include "models/codecs/float32.hpp"
#include "models/codecs/sparse_encoding.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/crosschecked_cases.hpp"

namespace tardigrad {
namespace {

using test::check_close;
using test::shared;
using Indices = std::vector<std::uint32_t>;

Graph path_of_three() { return Graph::from_edges(3, {{0, 1}, {1, 2}}); }

ProtocolFactory sharing(std::shared_ptr<const GraphSchedule> graphs, const ScoredSharingOptions& options,
                        const ScoredSharing::Fraction& fraction) {
  return [=](const FragmentInfo& info) { return std::make_unique<ScoredSharing>(info, graphs, options, fraction); };
}

/// Everything if there are no indices.
Indices sent_indices(const Actions::Send& message, std::uint64_t count) {
  if (message.encoded) return decode_sparse(*message.encoded, count, Float32()).value().indices;
  Indices all(message.values->size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

void check_sent(test::Lockstep& run, NodeId node, const nlohmann::json& round, std::uint64_t count) {
  const auto& expected = round["sent_idx"][node];
  const Indices sent = sent_indices(run.sent(node).front(), count);
  if (expected.is_string()) {
    CHECK(sent.size() == count);
  } else {
    CHECK(sent == expected.get<Indices>());
  }
}

Values scores(test::Lockstep& run, NodeId node) {
  return dynamic_cast<const ScoredSharing&>(run.protocol(node)).scores();
}

TEST_CASE("top-k sharing agrees with decentralizepy's, with and without accumulation (numeric cases)") {
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"change", "none"}, {"acc_total", "total"}, {"acc_train", "train"}};
  for (const auto& example : test::vector_cases("crosschecked/topk")) {
    for (const auto& [name, accumulate] : forms) {
      INFO(name);
      const auto& form = example[name];
      auto run = test::Crosschecked(example["setup"])
                     .run(test::protocols_of("top-k", path_of_three(),
                                             {{"fraction", form["alpha"].get<double>()}, {"accumulate", accumulate}}));
      test::check_rounds(run, form["rounds"], "x", [&](NodeId node, const nlohmann::json& round) {
        check_sent(run, node, round, 6);
        if (round.contains("V") && accumulate != "none") check_close(scores(run, node), round["V"][node]);
      });
    }
  }
}

TEST_CASE("jwins agrees with decentralizepy's for the same fractions (numeric cases)") {
  for (const auto& example : test::vector_cases("crosschecked/jwins")) {
    for (const auto& [name, form] : example.items()) {
      if (name == "setup") continue;
      INFO(name);
      ScoredSharingOptions options;
      options.wavelet = Wavelet::sym2;
      options.levels = form["level"].get<unsigned>();
      options.accumulation = accumulation_of(form["accumulation"]);
      options.cap = form["metadata_cap"];
      const auto& rounds = form["rounds"];
      auto run = test::Crosschecked(example["setup"])
                     .run(sharing(test::Crosschecked::graphs(), options, [&](NodeId node, Round round) {
                       return rounds[round]["alpha"][node].get<double>();
                     }));
      test::check_rounds(run, rounds, "x", [&](NodeId node, const nlohmann::json& round) {
        check_sent(run, node, round, scores(run, node).size());
        check_close(scores(run, node), round["V_after"][node], 1e-5);
      });
    }
  }
}

TEST_CASE("one round of jwins with three levels, straight from the rule (numeric cases)") {
  for (const auto& example : test::vector_cases("jwins_round")) {
    const auto count = example["nodes"].get<NodeId>();
    ScoredSharingOptions options;
    options.wavelet = Wavelet::sym2;
    options.levels = example["levels"].get<unsigned>();
    options.accumulation = Accumulation::total;
    options.cap = 0.5;
    const auto before = example["model_before_training"].get<Values>();
    test::Lockstep run(sharing(std::make_shared<const GraphSchedule>(Graph::complete(count)), options,
                               [&](NodeId node, Round) { return example["alpha"][node].get<double>(); }),
                       {count, before}, [&](NodeId node, Round, const Values&) {
                         return example["models_after_training"][node].get<Values>();
                       });
    run.run_until(1);
    for (NodeId node = 0; node < count; ++node) {
      INFO("node " << node);
      CHECK(sent_indices(run.sent(node).front(), scores(run, node).size()) ==
            example["sent_indices"][node].get<Indices>());
      check_close(run.model(node), example["mixed"][node].get<std::vector<double>>());
    }
  }
}

std::vector<Values> random_models(NodeId nodes, std::size_t size) {
  RandomStream draw(5, Purpose::test);
  std::vector<Values> models(nodes, Values(size));
  for (Values& model : models) {
    for (float& value : model) value = static_cast<float>(draw.normal());
  }
  return models;
}

TEST_CASE("jwins that shares everything is d-psgd, but for the wavelet's rounding") {
  const auto initial = random_models(5, 101);
  for (const char* wavelet : {"sym2", "haar", "none"}) {
    INFO(wavelet);
    test::Lockstep all(test::protocols_of("jwins", test::ring(5),
                                          {{"fractions", std::vector<double>{0.5}}, {"wavelet", std::string(wavelet)}}),
                       initial, test::no_steps);
    test::Lockstep whole(test::protocols_of("d-psgd", test::ring(5)), initial, test::no_steps);
    all.run_until(10);
    whole.run_until(10);
    for (NodeId node = 0; node < 5; ++node) {
      check_close(all.model(node), {whole.model(node).begin(), whole.model(node).end()}, 1e-5);
    }
  }
}

TEST_CASE("top-k sharing of everything is d-psgd") {
  const auto initial = random_models(5, 20);
  test::Lockstep all(test::protocols_of("top-k", test::ring(5), {{"fraction", 1.0}}), initial, test::no_steps);
  test::Lockstep whole(test::protocols_of("d-psgd", test::ring(5)), initial, test::no_steps);
  all.run_until(10);
  whole.run_until(10);
  for (NodeId node = 0; node < 5; ++node) CHECK(all.model(node) == whole.model(node));
}

TEST_CASE("jwins sends the coefficients of sym2 over four levels, everything without indices from half on") {
  constexpr std::uint64_t parameters = 89'834;  // GN-LeNet
  const auto payload = [&](const std::string& wavelet, double fraction) {
    const auto node =
        test::protocols_of("jwins", path_of_three(),
                           {{"fractions", std::vector<double>{fraction}}, {"wavelet", wavelet}})({0, 0, parameters});
    Actions actions;
    node->on_start(shared({}), actions);
    node->on_trained({0, shared({})}, actions);
    return actions.sends().front().payload.value();
  };
  CHECK(payload("sym2", 1) == 4 * 89'843);
  CHECK(payload("sym2", 0.5) == 4 * 89'843);
  CHECK(payload("none", 1) == 4 * parameters);
  // 5.7 bits an index.
  CHECK(static_cast<double>(payload("sym2", 0.1)) == doctest::Approx(8984 * (4 + 5.7 / 8) + 16).epsilon(0.005));
}

TEST_CASE("jwins draws each node's fraction anew in every round, all of them in the long run") {
  test::Lockstep run(test::protocols_of("jwins", test::ring(4)), random_models(4, 200), test::no_steps);
  std::set<std::optional<Bytes>> sizes;
  std::set<std::optional<Bytes>> of_one_round;
  for (Round round = 1; round <= 30; ++round) {
    run.run_until(round);
    for (NodeId node = 0; node < 4; ++node) sizes.insert(run.sent(node).front().payload);
  }
  for (NodeId node = 0; node < 4; ++node) of_one_round.insert(run.sent(node).front().payload);
  CHECK(sizes.size() >= 7);
  CHECK(of_one_round.size() > 1);
}

TEST_CASE("what is not sent comes to its turn, as its changes accumulate") {
  // Parameter 0 changes most, and would be the only one ever sent.
  const auto steps = [](NodeId, Round, const Values& model) {
    Values trained = model;
    trained[0] += 1.0F;
    for (std::size_t p = 1; p < trained.size(); ++p) trained[p] += 0.1F * static_cast<float>(p);
    return trained;
  };
  for (const bool accumulates : {false, true}) {
    test::Lockstep run(
        test::protocols_of("top-k", test::ring(3),
                           {{"fraction", 0.25}, {"accumulate", std::string(accumulates ? "train" : "none")}}),
        {3, Values(4, 0.0F)}, steps);
    std::set<std::uint32_t> ever_sent;
    for (Round round = 1; round <= 40; ++round) {
      run.run_until(round);
      const Indices sent = sent_indices(run.sent(0).front(), 4);
      REQUIRE(sent.size() == 1);
      ever_sent.insert(sent.front());
    }
    CHECK(ever_sent.size() == (accumulates ? 4 : 1));
  }
}

TEST_CASE("a node whose neighbours' messages are lost goes on with its own model") {
  const auto node = test::protocols_of("jwins", path_of_three())({0, 0, 9});
  Actions actions;
  node->on_start(shared(Values(9, 1.0F)), actions);
  const Values model = {1, 2, 3, 4, 5, 4, 3, 2, 1};
  node->on_trained({0, shared(model)}, actions);
  Actions over;
  node->on_wait_over(over);
  REQUIRE(over.starts_round());
  CHECK(over.mixing().missed == 1);
  check_close(*over.values(), {model.begin(), model.end()});
}

}  // namespace
}  // namespace tardigrad
