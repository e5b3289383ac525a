#include "actors/protocols/low_communication/sparse_loco.hpp"

#include "tests/actors/protocols/tracking/tracked_runs.hpp"

namespace tardigrad {
namespace {

ProtocolFactory sparse_loco(const nlohmann::json& options, NodeId nodes) {
  const std::string mean = options["mean"];
  return test::protocols_of("sparse-loco", Graph::complete(nodes),
                            {{"chunk", options["chunk"].get<std::int64_t>()},
                             {"k", options["k"].get<std::int64_t>()},
                             {"error_decay", options["error_decay"].get<double>()},
                             {"outer_learning_rate", options["outer_learning_rate"].get<double>()},
                             {"mean", mean.substr(0, mean.find(','))},
                             {"clip", std::string(mean.find("clipped") == std::string::npos ? "none" : "median")}});
}

const Values& error(test::Lockstep& run, NodeId node) {
  return static_cast<const SparseLoco&>(run.protocol(node)).error();
}

TEST_CASE("sparse-loco: models and errors, with all three ways to take the mean (numeric cases)") {
  for (const auto& file : test::vector_cases("sparse_loco")) {
    for (const auto& expected : file["cases"]) {
      const NodeId nodes = file["nodes"];
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        test::Lockstep run(sparse_loco(expected["options"], nodes), file["initial"].get<std::vector<Values>>(),
                           test::updates_of(file), seed);
        for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
          run.run_until(round + 1);
          for (NodeId node = 0; node < nodes; ++node) {
            INFO(expected["options"].dump() << ", round " << round << ", node " << node);
            test::check_close(run.model(node), expected["after_round"][round][node].get<std::vector<double>>());
            test::check_close(error(run, node), expected["error_after_round"][round][node].get<std::vector<double>>());
            CHECK(run.model(node) == run.model(0));
          }
        }
      }
    }
  }
}

TEST_CASE("sparse-loco that sends everything and has no error is the mean of all models, to two bits a value") {
  const auto protocols =
      test::protocols_of("sparse-loco", Graph::complete(4), {{"chunk", std::int64_t{1}}, {"k", std::int64_t{1}}});
  // A round's changes are the same everywhere within a node: two bits are enough.
  test::Lockstep run(protocols, std::vector<Values>(4, Values{1, 1, 1}), [](NodeId node, Round, const Values& model) {
    Values trained = model;
    for (float& value : trained) value += static_cast<float>(node);
    return trained;
  });
  run.run_until(2);
  for (const float value : run.model(2)) CHECK(value == doctest::Approx(1 + 2 * 1.5));
}

TEST_CASE("sparse-loco treats tensors one by one, and refuses what is no encoding and graphs that leave nodes out") {
  const Algorithm& algorithm = *find_algorithm("sparse-loco");
  const AlgorithmOptions options(algorithm.options);
  CHECK(algorithm.objection(options, Graph::complete(5)).empty());
  CHECK(algorithm.objection(options, test::ring(5)).find("complete") != std::string::npos);
  const auto layout =
      std::make_shared<const ParameterLayout>(ParameterLayout{{{"a", {4}}, {"b", {3}}, {"own", {2}, true, false}}});
  const auto node = test::protocols_of("sparse-loco", Graph::complete(3))({0, 0, 7, layout});
  Actions begun, trained, answer;
  node->on_start(test::shared(Values(7, 0.0F)), begun);
  node->on_trained({0, test::shared(Values(7, 1.0F)), 1, 0.1}, trained);
  REQUIRE(trained.sends().size() == 2);
  REQUIRE(trained.sends()[0].encoded);
  CHECK(trained.sends()[0].payload == 2 * 20 + (7 * 14 + 7) / 8);
  CHECK(trained.sends()[0].encoded->size() == *trained.sends()[0].payload);
  const std::unique_ptr<Codec> none = make_codec({});
  const auto sends = algorithm.sends(options, {0, 7, Graph::complete(3), *none, layout.get()});
  REQUIRE(sends.size() == 1);
  CHECK(sends[0].count == 2);
  CHECK(sends[0].payload == 2 * 20 + 13);
  node->on_message({1, 0, 0, nullptr, share(EncodedBytes(7))}, answer);
  node->on_message({2, 0, 0, nullptr, trained.sends()[0].encoded}, answer);
  CHECK(answer.refused() == std::vector<NodeId>{1});
}

}  // namespace
}  // namespace tardigrad
