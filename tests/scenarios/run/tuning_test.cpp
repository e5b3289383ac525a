#include "scenarios/src/run/tuning.hpp"

#include <doctest/doctest.h>

#include "tests/scenarios/result_folder.hpp"

namespace tardigrad {
namespace {

using test::diverged_by;
using test::finished_run;
using test::folder_of;

const std::vector<SweepAxis> kAxes = {{"network.uplink", {"1Mbps", "9Mbps"}},
                                      {"training.learning_rate", {"0.1", "0.5", "0.2"}},
                                      {"training.batch_size", {"8"}}};
const std::vector<std::string> kTuned = {"training.learning_rate"};

TEST_CASE("points that differ in tuned keys alone are one group") {
  const SplitAxes split = split_axes(kAxes, kTuned);
  REQUIRE(split.tuned.size() == 1);
  CHECK(split.others.size() == 2);
  const std::vector<TuningGroup> groups = tuning_groups(kAxes, split);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].name == "uplink=1Mbps");
  CHECK(groups[1].values == std::vector<std::string>{"9Mbps"});
  CHECK(groups[1].points == std::vector<std::size_t>{3, 4, 5});
  CHECK(tuned_values(kAxes, split, 4) == "learning_rate=0.5");
  const std::vector<SweepAxis> all_tuned = {kAxes[1], kAxes[2]};
  const std::vector<TuningGroup> one = tuning_groups(all_tuned, split_axes(all_tuned, kTuned));
  REQUIRE(one.size() == 1);
  CHECK(one[0].name == "");
  CHECK(one[0].points.size() == 3);
}

TEST_CASE("a number is at the edge if it is the least or the greatest that was tried") {
  const SplitAxes split = split_axes(kAxes, kTuned);
  CHECK(is_at_edge(kAxes, split, 0));
  CHECK(is_at_edge(kAxes, split, 1));  // 0.5, though it stands in the middle
  CHECK_FALSE(is_at_edge(kAxes, split, 2));
  const std::vector<SweepAxis> words = {{"compute.step_time", {"10ms", "20ms"}}};
  CHECK_FALSE(is_at_edge(words, split_axes(words, {"compute.step_time"}), 0));
}

TEST_CASE("the best value is that with which the ranking has the algorithm first") {
  const auto at = [](const SeedRun& run) { return folder_of({{"a", {run}}, {"b", {finished_run(1, 1.0, 0.9)}}}); };
  const SeedRun diverged = diverged_by(0.25, finished_run(1, 0.5, 0.3));
  CHECK(best_folder({at(finished_run(1, 20.0, 0.7)), at(finished_run(1, 10.0, 0.6)), at(diverged)}, "a") == 1);
  CHECK(best_folder({at(finished_run(1, {}, 0.4)), at(diverged), at(finished_run(1, {}, 0.5))}, "a") == 2);
  CHECK(best_folder({at(diverged), at(finished_run(1, {}, 0.1))}, "a") == 1);
}

TEST_CASE("what cannot be tuned is said in a line") {
  CHECK(objection_to_tuning(kAxes, kTuned, {101}, {1, 2}) == "");
  CHECK(objection_to_tuning(kAxes, kTuned, {}, {1}).find("--best-of requires --tuning-seeds") == 0);
  CHECK(objection_to_tuning(kAxes, kTuned, {3, 2}, {1, 2}).find("--tuning-seeds: seed 2 is reported, too") == 0);
  CHECK(objection_to_tuning(kAxes, {"training.batch_size"}, {101}, {1}).find("has no values to choose from") !=
        std::string::npos);
  CHECK(objection_to_tuning(kAxes, {"training.momentum"}, {101}, {1}).find("has no values to choose from") !=
        std::string::npos);
}

}  // namespace
}  // namespace tardigrad
