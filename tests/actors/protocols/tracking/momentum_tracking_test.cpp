#include "actors/protocols/tracking/momentum_tracking.hpp"

#include "tests/actors/protocols/tracking/tracked_runs.hpp"

namespace tardigrad {
namespace {

const MomentumTracking& node_of(test::Lockstep& run, NodeId node) {
  return static_cast<const MomentumTracking&>(run.protocol(node));
}

TEST_CASE("momentum-tracking: models, momenta and corrections that begin at 0 (numeric cases)") {
  for (const auto& file : test::vector_cases("momentum_tracking")) {
    for (const auto& expected : file["cases"]) {
      const auto& options = expected["options"];
      if (options["first"] != "zero") continue;  // by an all-reduce, which ours does without
      const double beta = options["momentum"];
      test::Lockstep run(test::on_graph_of(file, "momentum-tracking", {{"momentum", beta}}),
                         file["initial"].get<std::vector<Values>>(),
                         test::gradients_of(file, options["learning_rate"], 1));
      for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < run.size(); ++node) {
          INFO("round " << round << ", node " << node);
          test::check_close(run.model(node), expected["after_round"][round][node].get<std::vector<double>>());
          test::check_close(node_of(run, node).momentum(),
                            expected["momentum_after_round"][round][node].get<std::vector<double>>());
          test::check_close(node_of(run, node).correction(),
                            expected["c_after_round"][round][node].get<std::vector<double>>());
        }
        CHECK(test::largest_sum(run, [&](NodeId node) { return node_of(run, node).correction(); }) < 1e-5);
      }
    }
  }
}

TEST_CASE("momentum-tracking brings nodes with unequal quadratics to their common optimum") {
  for (const auto& file : test::vector_cases("gt_dsgd")) {
    nlohmann::json slow = file["quadratic"];
    slow["learning_rate"] = 0.02;  // with momentum the steps are ten times as long
    CHECK(test::distance_after_quadratic(slow, test::on_graph_of(file, "momentum-tracking")) < 1e-4);
  }
}

TEST_CASE("momentum-tracking: the mean model follows heavy-ball momentum on the mean gradient") {
  for (const auto& file : test::vector_cases("momentum_tracking")) {
    const auto initial = file["initial"].get<std::vector<Values>>();
    const auto gradients = file["gradients"].get<std::vector<std::vector<std::vector<Values>>>>();
    test::Lockstep run(test::on_graph_of(file, "momentum-tracking"), initial, test::gradients_of(file, 0.1F, 1));
    const auto nodes = static_cast<double>(initial.size());
    std::vector<double> mean(initial[0].size()), momentum(initial[0].size());
    for (const Values& own : initial) {
      for (std::size_t p = 0; p < mean.size(); ++p) mean[p] += own[p] / nodes;
    }
    for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
      run.run_until(round + 1);
      for (std::size_t p = 0; p < mean.size(); ++p) {
        double gradient = 0, model = 0;
        for (NodeId node = 0; node < run.size(); ++node) {
          gradient += gradients[round][0][node][p] / nodes;
          model += run.model(node)[p] / nodes;
        }
        momentum[p] = 0.9 * momentum[p] + gradient;
        mean[p] -= 0.1 * momentum[p];
        CHECK(std::abs(model - mean[p]) < 5e-6);
      }
    }
  }
}

}  // namespace
}  // namespace tardigrad
