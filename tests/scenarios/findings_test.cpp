#include "scenarios/src/findings.hpp"

#include <doctest/doctest.h>

#include "result_folder.hpp"

using namespace tardigrad;
using test::finished_run;
using test::folder_of;

namespace {

std::string headline_of(std::vector<AlgorithmRuns> algorithms) {
  const std::vector<RunFolder> folders{folder_of(std::move(algorithms))};
  return headline(standings(folders));
}

SeedRun without_target(double accuracy) {
  SeedRun run = finished_run(1, {}, accuracy);
  run.summary.target.reset();
  return run;
}

}  // namespace

TEST_CASE("the headline says who was first, when, and how far ahead of the next and the slowest") {
  CHECK(headline_of({{"a", {finished_run(1, 100.0, 0.7)}},
                     {"b", {finished_run(1, 250.5, 0.7)}},
                     {"c", {finished_run(1, 1400.0, 0.7)}},
                     {"d", {finished_run(1, {}, 0.5)}}}) ==
        "a reached 60 % accuracy first, after 100 s: 2.50 times as fast as the next, b (250.5 s), and "
        "14 times as fast as the slowest, c (1,400 s).");
}

TEST_CASE("the headline has an answer if one algorithm, or none, reached the target") {
  CHECK(headline_of({{"a", {finished_run(1, 2.5, 0.7)}}, {"b", {finished_run(1, {}, 0.5)}}}) ==
        "a reached 60 % accuracy first, after 2.50 s; no other algorithm reached it.");
  CHECK(headline_of({{"a", {finished_run(1, {}, 0.41)}}, {"b", {finished_run(1, {}, 0.5998)}}}) ==
        "No algorithm reached 60 % accuracy; b came closest with 59.9 %.");
  CHECK(headline_of({{"a", {finished_run(1, {}, 0.41)}}}) == "a did not reach 60 % accuracy; it ended at 41.0 %.");
}

TEST_CASE("a target may be a loss: who is below it, who came closest, who has none left") {
  const auto with_loss = [](std::optional<double> time_s, std::optional<double> loss) {
    SeedRun run = finished_run(1, time_s, 0.4);
    run.summary.target = {Figure::loss, 0.9};
    if (loss) run.summary.final_loss = FinalFigure{*loss, 0.05, *loss, *loss, *loss};
    return run;
  };
  CHECK(headline_of({{"a", {with_loss(100.0, 0.85)}}, {"b", {with_loss({}, 0.95)}}}) ==
        "a reached a loss of 0.9 first, after 100 s; no other algorithm reached it.");
  CHECK(headline_of({{"a", {with_loss({}, 1.2)}}, {"b", {with_loss({}, 0.9001)}}}) ==
        "No algorithm reached a loss of 0.9; b came closest with 0.901.");
  CHECK(headline_of({{"a", {with_loss({}, {})}}}) ==
        "No algorithm reached a loss of 0.9: no loss is finite in the end.");
  const std::vector<RunFolder> folders{
      folder_of({{"far", {with_loss({}, 2.0)}}, {"none", {with_loss({}, {})}}, {"won", {with_loss(9.0, 0.85)}}})};
  const FindingsTable table = findings_table(standings(folders));
  CHECK(table.titles[1] == "time to loss 0.9");
  CHECK(table.titles[3] == "final loss");
  CHECK(table.rows[0][3] == "0.850 ± 0.050");
  CHECK(table.rows[1][0] == "far");
  CHECK(table.rows[2][0] == "none");
  CHECK(caveats(standings(folders)) ==
        std::vector<std::string>{"The target was not reached by far (2.000 after 800 s), none (800 s)."});
}

TEST_CASE("without a target the final accuracy decides") {
  CHECK(headline_of({{"a", {without_target(0.5)}}, {"b", {without_target(0.625)}}}) ==
        "b ended with the highest accuracy, 62.5 %: 12.5 percentage points above the next, a.");
}

TEST_CASE("a run without evaluations has no accuracy, and says so") {
  SeedRun null = finished_run(1, {}, 0);
  null.summary.final_accuracy.reset();
  null.summary.target.reset();
  CHECK(headline_of({{"a", {null}}}) == "No accuracy was measured.");
}

TEST_CASE("caveats name who missed the target and which runs are partial") {
  SeedRun cut = finished_run(2, {}, 0.4);
  cut.gaps = {"interrupted", "no links.csv"};
  const std::vector<RunFolder> folders{
      folder_of({{"a", {finished_run(1, 100.0, 0.7)}}, {"b", {finished_run(1, {}, 0.5), cut}}, {"c", {cut}}})};
  CHECK(caveats(standings(folders)) ==
        std::vector<std::string>{"The target was not reached by b (50.0 % after 800 s), c (40.0 % after 800 s).",
                                 "b, seed 2, is partial: interrupted, no links.csv (left out of the means).",
                                 "c, seed 2, is partial: interrupted, no links.csv."});
}

TEST_CASE("observations name who gave up and who waited most, beside the winner") {
  SeedRun quick = finished_run(1, 100.0, 0.7);
  quick.summary.messages_sent = 100;
  quick.summary.messages_dropped = 0;
  quick.summary.nodes = 10;
  quick.summary.network_stragglers = {1, 2, 3};
  SeedRun flushing = finished_run(1, 300.0, 0.7);
  flushing.summary.messages_sent = 80;
  flushing.summary.messages_dropped = 20;
  flushing.summary.mean_staleness = 2.5;
  const std::vector<RunFolder> folders{folder_of({{"flushing", {flushing}}, {"quick", {quick}}})};
  CHECK(observations(standings(folders)) ==
        std::vector<std::string>{"Of 10 nodes, 3 have slow access links.",
                                 "flushing gave up 20 % of its messages before they had left the sender, quick 0 %.",
                                 "What flushing mixed was 2.5 rounds old on average."});
}

TEST_CASE("a column in which no algorithm has a value is left out of the table") {
  SeedRun null = finished_run(1, {}, 0);
  null.summary.final_accuracy.reset();
  null.summary.target.reset();
  null.summary.bytes_sent = 1500;
  const std::vector<RunFolder> folders{folder_of({{"a", {null}}})};
  const FindingsTable table = findings_table(standings(folders));
  CHECK(table.titles == std::vector<std::string>{"algorithm", "bytes sent"});
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0] == std::vector<std::string>{"a", "1.5 kB"});
}

TEST_CASE("the table says how many bytes it took to reach the target, and who did not") {
  SeedRun fast = finished_run(1, 100.0, 0.7);
  fast.summary.bytes_to_target = 2'000'000;
  SeedRun again = finished_run(2, 120.0, 0.7);
  again.summary.bytes_to_target = 3'000'000;
  const std::vector<RunFolder> folders{folder_of({{"a", {fast, again}}, {"b", {finished_run(1, {}, 0.5)}}})};
  const FindingsTable table = findings_table(standings(folders));
  CHECK(table.titles[2] == "bytes to 60 %");
  CHECK(table.rows[0][2] == "2.5 MB");
  CHECK(table.rows[1][2] == "not reached");
}

TEST_CASE("folders with the same algorithms stand side by side, one row per algorithm") {
  SeedRun fast = finished_run(1, 100.0, 0.7);
  fast.summary.bytes_to_target = 2'000'000;
  const AlgorithmRuns quick{"d", {finished_run(1, 150.0, 0.7)}};
  std::vector<RunFolder> folders{
      folder_of({{"a", {fast}}, {"b", {finished_run(1, 50.0, 0.7)}}, quick}),
      folder_of({{"a", {finished_run(1, {}, 0.5)}}, {"c", {finished_run(1, 9.0, 0.7)}}, quick})};
  folders[1].name = "slow";
  const FindingsTable table = side_by_side(standings(folders), folders);
  CHECK(table.titles == std::vector<std::string>{"algorithm", "time to 60 %, race", "time to 60 %, slow",
                                                 "bytes to 60 %, race", "bytes to 60 %, slow", "final accuracy, race",
                                                 "final accuracy, slow"});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0] ==
        std::vector<std::string>{"a", "100 s", "not reached", "2 MB", "not reached", "70.0 ± 2.0 %", "50.0 ± 2.0 %"});
  CHECK(table.rows[1].front() == "d");
}

TEST_CASE("folders that share a single algorithm have no table side by side") {
  const std::vector<RunFolder> folders(2, folder_of({{"a", {finished_run(1, 100.0, 0.7)}}}));
  CHECK(side_by_side(standings(folders), folders).rows.empty());
}

TEST_CASE("one folder, or many, have no table of their own side by side") {
  const RunFolder folder = folder_of({{"a", {finished_run(1, 100.0, 0.7)}}, {"b", {finished_run(1, 100.0, 0.7)}}});
  for (const std::size_t count : {1U, 4U}) {
    const std::vector<RunFolder> folders(count, folder);
    CHECK(side_by_side(standings(folders), folders).rows.empty());
  }
}
