#include "scenarios/src/report/target_times.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <utility>
#include <vector>

#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/headlines.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::finished_run;
using test::folder_of;
using test::interrupted;

namespace {

/// A run with these mean accuracies every 10 s, and a megabyte sent in between.
SeedRun with_curve(const std::vector<double>& accuracies, std::optional<double> time_to_target_s) {
  SeedRun run = finished_run(1, time_to_target_s, accuracies.back());
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    EvaluationPoint point;
    point.time_s = 10 * static_cast<double>(i);
    point.accuracy.mean = accuracies[i];
    point.bytes_sent = 1e6 * static_cast<double>(i);
    run.evaluations.push_back(point);
  }
  return run;
}

RunFolder with_targets(std::vector<AlgorithmRuns> algorithms) {
  RunFolder folder = folder_of(std::move(algorithms));
  folder.earlier_targets = {{Figure::accuracy, 0.25}, {Figure::accuracy, 0.5}};
  return folder;
}

std::string joined(const std::vector<std::string>& cells) { return fmt::format("{}", fmt::join(cells, " | ")); }

}  // namespace

TEST_CASE("times and bytes to each target are interpolated; within the first interval they are bounds") {
  const std::vector<RunFolder> folders = {with_targets(
      {{"a", {with_curve({0.125, 0.375, 0.625, 0.7}, 19)}}, {"b", {with_curve({0.125, 0.125, 0.375, 0.45}, {})}}})};
  const FindingsTable table = target_times(ranking_of(folders), folders);
  CHECK(joined(table.titles) ==
        "algorithm | time to 25 % | time to 50 % | time to 60 % | bytes to 25 % | bytes to 50 % | bytes to 60 %");
  REQUIRE(table.rows.size() == 2);
  CHECK(joined(table.rows[0]) == "a | < 10 s | 15 s | 19 s | < 1 MB | 1.5 MB | 1.9 MB");
  CHECK(joined(table.rows[1]) == "b | 15 s | not reached | not reached | 1.5 MB | - | -");
}

TEST_CASE("targets that differ by less than a tenth of a percent have titles that differ") {
  RunFolder folder = folder_of({{"a", {with_curve({0.125, 0.375}, {})}}});
  folder.earlier_targets = {{Figure::accuracy, 0.29}, {Figure::accuracy, 0.29001}};
  const std::vector<RunFolder> folders = {folder};
  CHECK(joined(target_times(ranking_of(folders), folders).titles)
            .rfind("algorithm | time to 29 % | time to 29.001 %", 0) == 0);
}

TEST_CASE("a target that not every seed has reached has no time, nor does a run that diverged") {
  SeedRun diverged = with_curve({0.1, 0.4, 0.6}, 20);
  diverged.summary.diverged_s = 30;
  const std::vector<RunFolder> folders = {
      with_targets({{"a", {with_curve({0.125, 0.125, 0.625}, 20), with_curve({0.125, 0.125, 0.375}, {})}},
                    {"b", {diverged}},
                    {"c", {interrupted(with_curve({0.1, 0.2}, {}))}}})};
  const FindingsTable table = target_times(ranking_of(folders), folders);
  std::vector<std::string> times;
  for (const auto& row : table.rows) times.push_back(joined({row.begin(), row.begin() + 3}));
  CHECK(times[0] == "a | 13.8 s | in 1 of 2 seeds");
  CHECK(times[1] == "c | not finished | not finished");
  CHECK(times[2] == "b | diverged | diverged");
}

TEST_CASE("without earlier targets there is no such table, and comparison.csv has no such columns") {
  const std::vector<RunFolder> folders = {folder_of({{"a", {with_curve({0.1, 0.4, 0.6}, 20)}}})};
  CHECK(target_times(ranking_of(folders), folders).rows.empty());
  CHECK(comparison_csv(folders).find("time_to_0") == std::string::npos);
}

TEST_CASE("comparison.csv has each target's time and bytes, and folders share the columns") {
  RunFolder other = with_targets({{"b", {with_curve({0.125, 0.125, 0.625}, 20)}}});
  other.name = "other";
  other.earlier_targets = {{Figure::accuracy, 0.375}};
  const std::string csv = comparison_csv({with_targets({{"a", {with_curve({0.125, 0.125, 0.375}, {})}}}), other});
  CHECK(csv.find(",time_to_0.25_s,bytes_to_0.25,time_to_0.375_s,bytes_to_0.375,time_to_0.5_s,bytes_to_0.5\n") !=
        std::string::npos);
  CHECK(csv.find(",15,1500000,20,2000000,,\n") != std::string::npos);
}

TEST_CASE("final figures of runs that ended at their targets are marked, and compared by nobody") {
  SeedRun stopped = with_curve({0.1, 0.4, 0.6}, 20);
  stopped.summary.stopped_because = "target";
  const std::vector<RunFolder> one = {folder_of({{"a", {stopped}}, {"b", {with_curve({0.1, 0.2, 0.3}, {})}}})};
  const std::string text = comparison_table(one, false);
  CHECK(text.find("60.0 ± 2.0 % †") != std::string::npos);
  CHECK(text.find("30.0 ± 2.0 % †") == std::string::npos);
  CHECK(text.find("†: when it ended, at its target; not to be compared.") != std::string::npos);
  // Folders with different targets have nothing but final figures to be compared by.
  SeedRun further = stopped;
  further.summary.target = Target{Figure::accuracy, 0.5};
  const std::vector<RunFolder> two = {folder_of({{"a", {stopped}}, {"b", {further}}})};
  CHECK(headlines(ranking_of(two)).front() ==
        "Runs ended at their own targets, which differ: their final accuracies are not compared.");
}
