#include "actors/protocols/tracking/qg_dsgdm.hpp"

#include "tests/actors/protocols/tracking/tracked_runs.hpp"

namespace tardigrad {
namespace {

const Values& momentum(test::Lockstep& run, NodeId node) {
  return static_cast<const QgDsgdm&>(run.protocol(node)).momentum();
}

TEST_CASE("qg-dsgdm: models and momenta of both forms, with one step a round and with three (numeric cases)") {
  for (const auto& file : test::vector_cases("qg_dsgdm")) {
    for (const auto& expected : file["cases"]) {
      const auto& options = expected["options"];
      const std::string form = options["form"];
      const double beta = options["momentum"];
      test::Lockstep run(test::on_graph_of(file, "qg-dsgdm", {{"form", form}, {"momentum", beta}}),
                         file["initial"].get<std::vector<Values>>(),
                         test::gradients_of(file, options["learning_rate"], options["local_steps"]));
      for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < run.size(); ++node) {
          INFO(form << ", round " << round << ", node " << node);
          test::check_close(run.model(node), expected["after_round"][round][node].get<std::vector<double>>());
          test::check_close(momentum(run, node),
                            expected["momentum_after_round"][round][node].get<std::vector<double>>());
        }
      }
    }
  }
}

TEST_CASE("qg-dsgdm asks for the gradient with the factor and the momentum of its form") {
  const auto asked = [](const char* form) {
    const auto node = test::protocols_of("qg-dsgdm", test::ring(3), {{"form", std::string(form)}})({0, 0, 1});
    Actions done;
    node->on_start(test::shared({1}), done);
    node->on_trained({0, test::shared({0}), 1, 0.5}, done);
    node->on_message({1, 0, 0, test::shared({0})}, done);
    node->on_message({2, 0, 0, test::shared({0})}, done);
    REQUIRE(done.starts_round());
    return done.work();
  };
  // The change of 1 over a learning rate of 0.5, a tenth of which enters the momentum.
  CHECK(asked("heavy-ball").factor == 1);
  CHECK(asked("heavy-ball").offset->front() == doctest::Approx(0.9 * 0.2));
  CHECK(asked("nesterov").factor == doctest::Approx(1.9));
  CHECK(asked("nesterov").offset->front() == doctest::Approx(0.81 * 0.2));
}

}  // namespace
}  // namespace tardigrad
