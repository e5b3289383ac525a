#include "actors/protocols/tracking/k_gt.hpp"

#include "actors/protocols/tracking/gt_dsgd.hpp"
#include "tests/actors/protocols/tracking/tracked_runs.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {
namespace {

const Values& correction(test::Lockstep& run, NodeId node) {
  return static_cast<const PairMixing&>(run.protocol(node)).correction();
}

TEST_CASE("k-gt: models and offsets over five rounds of three steps (numeric cases)") {
  for (const auto& file : test::vector_cases("k_gt")) {
    const auto& expected = file["cases"][0];
    const auto& options = expected["options"];
    test::Lockstep run(test::on_graph_of(file, "k-gt"), file["initial"].get<std::vector<Values>>(),
                       test::gradients_of(file, options["learning_rate"], options["local_steps"]));
    for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
      run.run_until(round + 1);
      for (NodeId node = 0; node < run.size(); ++node) {
        INFO("round " << round << ", node " << node);
        test::check_close(run.model(node), expected["after_round"][round][node].get<std::vector<double>>());
        test::check_close(correction(run, node),
                          expected["offset_after_round"][round][node].get<std::vector<double>>());
      }
      CHECK(test::largest_sum(run, [&](NodeId node) { return correction(run, node); }) < 1e-4);
    }
  }
}

TEST_CASE("k-gt with one step a round is gt-dsgd, whose correction is -eta times its own") {
  for (const auto& file : test::vector_cases("k_gt")) {
    const auto initial = file["initial"].get<std::vector<Values>>();
    const auto steps = test::gradients_of(file, 0.1F, 1);
    test::Lockstep k_gt(test::on_graph_of(file, "k-gt"), initial, steps);
    test::Lockstep gt(test::on_graph_of(file, "gt-dsgd"), initial, steps);
    const Round rounds = file["rounds"].get<Round>();
    k_gt.run_until(rounds);
    gt.run_until(rounds);
    // gt-dsgd's correction is in the model that is sent, k-gt's in the next round's steps.
    for (NodeId node = 0; node < gt.size(); ++node) {
      for (std::size_t p = 0; p < gt.model(node).size(); ++p) {
        CHECK(correction(gt, node)[p] == doctest::Approx(-0.1 * correction(k_gt, node)[p]).epsilon(1e-3));
      }
    }
  }
}

TEST_CASE("k-gt brings nodes with unequal quadratics to their common optimum, with three steps a round too") {
  for (const auto& file : test::vector_cases("k_gt")) {
    const auto& quadratic = file["quadratic"];
    CHECK(test::distance_after_quadratic(quadratic, test::on_graph_of(file, "k-gt")) < 1e-5);
    CHECK(test::distance_after_quadratic(quadratic, test::on_graph_of(file, "d-psgd")) >
          0.9 * quadratic["largest_distance_of_d_psgd"].get<double>());
  }
}

TEST_CASE("k-gt: a round without local steps leaves the correction alone") {
  const auto node = test::protocols_of("k-gt", test::ring(3))({0, 0, 1});
  Actions begun;
  node->on_start(test::shared({1}), begun);
  REQUIRE(begun.work().offset);
  Actions done;
  node->on_trained({0, test::shared({1}), 0, 0}, done);
  node->on_message({1, 0, 0, test::shared({4, 0})}, done);
  node->on_message({2, 0, 0, test::shared({7, 0})}, done);
  REQUIRE(done.starts_round());
  CHECK(done.values()->front() == doctest::Approx(4));
  CHECK(*done.work().offset == Values{0});
}

TEST_CASE("k-gt goes on from what is saved in the middle of a round") {
  const auto protocols = test::protocols_of("k-gt", test::ring(3));
  const auto node = protocols({0, 0, 1});
  Actions ignored;
  node->on_start(test::shared({1}), ignored);
  node->on_trained({0, test::shared({0}), 2, 0.5}, ignored);
  node->on_message({1, 0, 0, test::shared({4, 8})}, ignored);
  const auto again = protocols({0, 0, 1});
  REQUIRE(test::load(test::saved(*node), *again));
  for (const auto& one : {node.get(), again.get()}) {
    Actions done;
    one->on_message({2, 0, 0, test::shared({7, 6})}, done);
    REQUIRE(done.starts_round());
    CHECK(done.values()->front() == doctest::Approx(11.0 / 3));
    CHECK(done.work().offset->front() == doctest::Approx((2 + 8 + 6) / 3.0 - 2));
  }
}

}  // namespace
}  // namespace tardigrad
