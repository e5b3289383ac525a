#include "actors/protocols/tracking/gt_dsgd.hpp"

#include "tests/actors/protocols/tracking/tracked_runs.hpp"

namespace tardigrad {
namespace {

const Values& correction(test::Lockstep& run, NodeId node) {
  return static_cast<const GtDsgd&>(run.protocol(node)).correction();
}

TEST_CASE("gt-dsgd: models and corrections over five rounds, whatever the order of arrival (numeric cases)") {
  for (const auto& file : test::vector_cases("gt_dsgd")) {
    const auto& expected = file["cases"][0];
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      test::Lockstep run(test::on_graph_of(file, "gt-dsgd"), file["initial"].get<std::vector<Values>>(),
                         test::updates_of(file), seed);
      for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        for (NodeId node = 0; node < run.size(); ++node) {
          INFO("round " << round << ", node " << node);
          test::check_close(run.model(node), expected["after_round"][round][node].get<std::vector<double>>());
          test::check_close(correction(run, node), expected["c_after_round"][round][node].get<std::vector<double>>());
        }
        CHECK(test::largest_sum(run, [&](NodeId node) { return correction(run, node); }) < 1e-5);
      }
    }
  }
}

TEST_CASE("gt-dsgd brings nodes with unequal quadratics to their common optimum, d-psgd leaves them apart") {
  for (const auto& file : test::vector_cases("gt_dsgd")) {
    const auto& quadratic = file["quadratic"];
    CHECK(test::distance_after_quadratic(quadratic, test::on_graph_of(file, "gt-dsgd")) < 1e-5);
    CHECK(test::distance_after_quadratic(quadratic, test::on_graph_of(file, "d-psgd")) >
          0.9 * quadratic["largest_distance_of_d_psgd"].get<double>());
  }
}

TEST_CASE("of gt-dsgd a neighbour's message has two models' size, and any other is refused") {
  const auto node = test::protocols_of("gt-dsgd", test::ring(3))({0, 0, 2});
  Actions begun;
  node->on_start(test::shared({1, 2}), begun);
  Actions trained;
  node->on_trained({0, test::shared({2, 2}), 1, 0.1}, trained);
  REQUIRE(trained.sends().size() == 2);
  CHECK(trained.sends()[0].payload == 16);
  CHECK(*trained.sends()[0].values == Values{2, 2, 1, 0});
  Actions answer;
  node->on_message({1, 0, 0, test::shared({1, 2})}, answer);
  node->on_message({2, 0, 0, test::shared({2, 2, 1, 0})}, answer);
  CHECK(answer.refused() == std::vector<NodeId>{1});
}

}  // namespace
}  // namespace tardigrad
