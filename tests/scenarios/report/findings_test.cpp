#include "scenarios/src/report/findings.hpp"

#include <doctest/doctest.h>

#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::finished_run;
using test::folder_of;
using test::seeds_with;

TEST_CASE("caveats name who missed the target and which runs are partial") {
  SeedRun cut = finished_run(2, {}, 0.4);
  cut.gaps = {"interrupted", "no links.csv"};
  const std::vector<RunFolder> folders{
      folder_of({{"a", {finished_run(1, 100.0, 0.7)}}, {"b", {finished_run(1, {}, 0.5), cut}}, {"c", {cut}}})};
  CHECK(caveats(ranking_of(folders)) ==
        std::vector<std::string>{"The target was not reached by b (50.0 % after 800 s), c (40.0 % after 800 s).",
                                 "Not all have run with the same seeds: any two are compared on those that both have.",
                                 "b, seed 2, is partial: interrupted, no links.csv (left out of the means).",
                                 "c, seed 2, is partial: interrupted, no links.csv."});
}

TEST_CASE("a caveat names who reached the target and had lost it in the end") {
  const std::vector<RunFolder> folders{folder_of({{"a", {finished_run(1, 100.0, 0.55), finished_run(2, 100.0, 0.62)}},
                                                  {"b", {finished_run(1, 200.0, 0.7), finished_run(2, 200.0, 0.5)}}})};
  const std::vector<std::string> lines = caveats(ranking_of(folders));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "Short of 60 % accuracy again in the end: a (58.5 %).");
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
  CHECK(observations(ranking_of(folders)) ==
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
  const FindingsTable table = findings_table(ranking_of(folders));
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
  const FindingsTable table = findings_table(ranking_of(folders));
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
  const FindingsTable table = side_by_side(ranking_of(folders), folders);
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
  CHECK(side_by_side(ranking_of(folders), folders).rows.empty());
}

TEST_CASE("one folder, or many, have no table of their own side by side") {
  const RunFolder folder = folder_of({{"a", {finished_run(1, 100.0, 0.7)}}, {"b", {finished_run(1, 100.0, 0.7)}}});
  for (const std::size_t count : {1U, 4U}) {
    const std::vector<RunFolder> folders(count, folder);
    CHECK(side_by_side(ranking_of(folders), folders).rows.empty());
  }
}

TEST_CASE("the table says what a speed-up is over") {
  std::vector<RunFolder> folders{folder_of({{"a", seeds_with({10.0})}, {"b", seeds_with({20.0})}})};
  CHECK(findings_table(ranking_of(folders)).note.find("Speed-up: over the slowest that reached the target, b.") !=
        std::string::npos);
  folders[0].baseline = "a";
  const FindingsTable table = findings_table(ranking_of(folders));
  CHECK(table.note.find("Speed-up: over the baseline, a.") != std::string::npos);
  CHECK(table.rows[1][2] == "0.50x");
  folders[0].algorithms[0].seeds = seeds_with({{}});
  CHECK(caveats(ranking_of(folders)).back() == "a, the baseline, did not reach the target: there are no speed-ups.");
}

TEST_CASE("of several seeds the table has deviations over nodes and over seeds") {
  std::vector<SeedRun> seeds = seeds_with({10.0, 20.0});
  seeds[1].summary.final_accuracy->mean = 0.74;
  const FindingsTable table = findings_table(ranking_of({folder_of({{"a", seeds}})}));
  CHECK(table.titles[3] == "final accuracy, ± over nodes");
  CHECK(table.titles[4] == "final accuracy, ± over seeds");
  CHECK(table.rows[0][3] == "72.0 ± 2.0 %");
  CHECK(table.rows[0][4] == "72.0 ± 2.8 %");
}

TEST_CASE("the table has what was lost and what came to absent nodes, where anything was") {
  SeedRun run = finished_run(1, 10.0, 0.7);
  run.summary.messages_sent = 200;
  run.summary.messages_lost = 10;
  run.summary.messages_to_absent_nodes = 32;
  const std::vector<RunFolder> folders{folder_of({{"a", {run}}, {"b", {finished_run(1, 9.0, 0.7)}}})};
  const FindingsTable table = findings_table(ranking_of(folders));
  CHECK(table.titles[4] == "lost");
  CHECK(table.rows[1][4] == "5.0 %");
  CHECK(table.titles[5] == "to absent");
  CHECK(table.rows[1][5] == "16.0 %");
}

TEST_CASE("a machine that was too slow and hosts that were lost are caveats") {
  SeedRun run = finished_run(1, 10.0, 0.7);
  run.summary.slow_nodes = {{3, 5, 4.25}};
  run.summary.lost_hosts = {{2, from_seconds(12.5), {4, 5}, "host 2 is gone"}};
  const std::vector<RunFolder> folders{folder_of({{"a", {run}}})};
  CHECK(caveats(ranking_of(folders)) ==
        std::vector<std::string>{"a: the machine is too slow for this scenario: rounds of node 3 took longer than "
                                 "their emulated time, node 3's up to 4.2 times.",
                                 "a: host 2 was lost after 12.5 s, and with it 2 nodes."});
}

TEST_CASE("a run that was over before its consensus rounds says so") {
  SeedRun run = finished_run(1, 5, 0.7);
  run.summary.nodes = 4;
  run.summary.rounds = 138;
  run.summary.rounds_before_consensus = 100;
  const std::vector<RunFolder> folders{folder_of({{"a", {run}}})};
  CHECK(caveats(ranking_of(folders)) ==
        std::vector<std::string>{"a: the run ended before its consensus rounds: nodes had done 34.5 of 100 training "
                                 "rounds on average."});
  run.summary.rounds = 400;
  CHECK(caveats(ranking_of({folder_of({{"a", {run}}})})).empty());
}
