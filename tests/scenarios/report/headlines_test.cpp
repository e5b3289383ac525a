#include "scenarios/src/report/headlines.hpp"

#include <doctest/doctest.h>

#include "scenarios/src/report/findings.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::diverged_by;
using test::finished_run;
using test::folder_of;
using test::interrupted;
using test::measured_every;
using test::seeds_with;

namespace {

std::string headline_of(std::vector<AlgorithmRuns> algorithms) {
  const std::vector<RunFolder> folders{folder_of(std::move(algorithms))};
  const std::vector<std::string> lines = headlines(ranking_of(folders));
  REQUIRE(lines.size() == 1);
  return lines.front();
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
        "No algorithm reached 60 % accuracy; b came closest with 59.98 %.");
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
        "No algorithm reached a loss of 0.9; b came closest with 0.9001.");
  CHECK(headline_of({{"a", {with_loss({}, {})}}}) ==
        "No algorithm reached a loss of 0.9: no loss is finite in the end.");
  const std::vector<RunFolder> folders{
      folder_of({{"far", {with_loss({}, 2.0)}}, {"none", {with_loss({}, {})}}, {"won", {with_loss(9.0, 0.85)}}})};
  const FindingsTable table = findings_table(ranking_of(folders));
  CHECK(table.titles[1] == "time to loss 0.9");
  CHECK(table.titles[3] == "final loss");
  CHECK(table.rows[0][3] == "0.850 ± 0.050");
  CHECK(table.rows[1][0] == "far");
  CHECK(table.rows[2][0] == "none");
  CHECK(caveats(ranking_of(folders)) ==
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

TEST_CASE("where nothing is learned, the rounds decide") {
  const auto with_rounds = [](const std::vector<std::uint64_t>& rounds) {
    std::vector<SeedRun> runs;
    for (const std::uint64_t of_seed : rounds) {
      SeedRun run = finished_run(runs.size() + 1, {}, 0);
      run.summary.final_accuracy.reset();
      run.summary.target.reset();
      run.summary.rounds = of_seed;
      runs.push_back(run);
    }
    return runs;
  };
  CHECK(headline_of({{"a", with_rounds({8776})}}) == "a finished 8,776 rounds.");
  CHECK(headline_of({{"a", with_rounds({490})}, {"b", with_rounds({8776})}, {"c", with_rounds({6750})}}) ==
        "b finished the most rounds, 8,776: 1.30 times as many as the next, c (6,750), and 17.9 times as many as a "
        "(490).");
  CHECK(headline_of({{"a", with_rounds({1001})}, {"b", with_rounds({1000})}}) ==
        "a finished the most rounds, 1,001: 1 more than the next, b (1,000).");
  CHECK(headline_of({{"a", with_rounds({490})}, {"b", with_rounds({490})}}) ==
        "a (490) and b (490) finished the most rounds: no difference that one seed can tell.");
  CHECK(headline_of({{"a", with_rounds({100, 300})}, {"b", with_rounds({110, 280})}}) ==
        "a (200) and b (195) finished the most rounds: no difference that 2 seeds can tell.");
}

TEST_CASE("nobody is called first whom the seeds or the evaluations cannot tell from others") {
  const auto single = [](double time_s) { return std::vector{measured_every(2, finished_run(1, time_s, 0.7))}; };
  CHECK(headline_of({{"a", single(8.15)}, {"b", single(8.16)}}) ==
        "a (8.15 s) and b (8.16 s) reached 60 % accuracy first: no difference that one seed can tell, times being "
        "known to 2 s.");
  CHECK(headline_of({{"a", single(1.5)}, {"b", single(1.6)}, {"c", single(9)}}) ==
        "a (< 2 s) and b (< 2 s) reached 60 % accuracy first: no difference that one seed can tell, times being known "
        "to 2 s; a was more than 4.00 times as fast as the next, c (9 s).");
  CHECK(headline_of({{"a", seeds_with({8.0, 9.0, 14.0})}, {"b", seeds_with({9.0, 8.0, 15.0})}}) ==
        "a (10.3 s) and b (10.7 s) reached 60 % accuracy first: no difference that 3 seeds can tell.");
}

TEST_CASE("a lead over several seeds comes with its interval") {
  CHECK(
      headline_of({{"a", seeds_with({10.0, 50.0, 90.0})}, {"b", seeds_with({20.0, 61.0, 102.0})}}) ==
      "a reached 60 % accuracy first, after 50 s: 1.22 times as fast as the only other, b (61 s). Over 3 seeds b took "
      "8.52 s to 13.5 s longer (95 % interval).");
}

TEST_CASE("no lead is called 1.00 times as fast") {
  CHECK(headline_of({{"a", {finished_run(1, 1000.0, 0.7)}}, {"b", {finished_run(1, 1003.0, 0.7)}}}) ==
        "a reached 60 % accuracy first, after 1,000 s: 3 s before the only other, b (1,003 s).");
}

TEST_CASE("who reached the target with some seeds gets no interval, and is behind who reached it with all") {
  const std::vector<RunFolder> folders{
      folder_of({{"a", seeds_with({1.0, {}, 2.0})}, {"b", seeds_with({50.0, 51.0, 52.0})}})};
  const Ranking all = ranking_of(folders);
  CHECK(headlines(all) == std::vector<std::string>{"b reached 60 % accuracy first, after 51 s; no other algorithm "
                                                   "reached it with every seed."});
  CHECK(caveats(all) == std::vector<std::string>{"a reached the target in 2 of 3 seeds: no time is given."});
  const FindingsTable table = findings_table(all);
  CHECK(table.titles[1] == "time to 60 %, ± over seeds");
  CHECK(table.rows[0][1] == "51 s ± 1 s");
  CHECK(table.rows[1][1] == "reached in 2 of 3 seeds");
  CHECK(headline_of({{"a", seeds_with({1.0, {}})}, {"b", seeds_with({{}, {}})}}) ==
        "No algorithm reached 60 % accuracy with every seed: a (in 1 of 2 seeds) did.");
}

TEST_CASE("a time within the first interval is no more than that") {
  SeedRun run = measured_every(2, finished_run(1, 1.71, 0.7));
  run.bytes_by_then = 3'000'000;
  run.summary.bytes_to_target = 2'565'000;
  const std::vector<RunFolder> folders{
      folder_of({{"a", {run}}, {"b", {measured_every(2, finished_run(1, 7.9, 0.7))}}})};
  const Ranking all = ranking_of(folders);
  CHECK(headlines(all).front() ==
        "a reached 60 % accuracy first, in less than 2 s: more than 3.00 times as fast as the only other, b (7.90 s).");
  const FindingsTable table = findings_table(all);
  CHECK(table.rows[0][1] == "< 2 s");
  CHECK(table.rows[0][2] == "< 3 MB");
  CHECK(table.rows[0][3] == "> 3.00x");
  // No time in between is known to be one.
  CHECK(headline_of({{"a", {run}}, {"b", {measured_every(2, finished_run(1, 3.8, 0.7))}}}) ==
        "a reached 60 % accuracy first, in less than 2 s: ahead of the only other, b (3.80 s).");
}

TEST_CASE("a run that was interrupted says so, what it has not done, and speaks of no more than the rest") {
  const auto headline = [](const RunFolder& folder) { return headlines(ranking_of({folder})).front(); };
  RunFolder folder = folder_of({{"a", seeds_with({10.0})}, {"b", {interrupted(finished_run(1, 2.0, 0.7))}}});
  folder.missing = {{"c", {1}}, {"d", {1}}};
  CHECK(headline(folder) ==
        "Interrupted: b was not finished, c and d were not run. So far: a reached 60 % accuracy after 10 s.");
  CHECK(caveats(ranking_of({folder})) == std::vector<std::string>{"b, seed 1, is partial: interrupted."});
  folder.algorithms.erase(folder.algorithms.begin());
  CHECK(headline(folder) == "Interrupted: b was not finished, c and d were not run. There is no result yet.");
  CHECK(findings_table(ranking_of({folder})).rows[0][0] == "b (partial)");
}

TEST_CASE("of a run with several seeds that was interrupted, the seeds are named that are not there") {
  RunFolder folder = folder_of(
      {{"a", seeds_with({10.0, 11.0})}, {"b", {finished_run(1, 20.0, 0.7), interrupted(finished_run(2, {}, 0.1))}}});
  folder.missing = {{"a", {3}}, {"b", {3, 4, 5}}, {"c", {2, 3}}};
  folder.baseline = "b";
  const std::vector<RunFolder> folders{folder};
  CHECK(headlines(ranking_of(folders)).front() ==
        "Interrupted: b (seed 2) was not finished, a (seed 3), b (seeds 3 to 5) and c were not run. So far: a reached "
        "60 % accuracy first, after 10.5 s: 2.00 times as fast as the only other, b (20 s).");
  CHECK(caveats(ranking_of(folders)).front() == "b, the baseline, has not run to its end: there are no speed-ups.");
}

TEST_CASE("a run that an error has ended is not called interrupted") {
  SeedRun failed = interrupted(finished_run(1, {}, 0.1));
  failed.summary.stopped_because = "host 2 is gone";
  CHECK(headline_of({{"a", {failed}}}) == "Ended by an error: a was not finished. There is no result yet.");
}

TEST_CASE("of a single node it is said that the algorithms do not differ, not who was first") {
  SeedRun run = measured_every(2, finished_run(1, 1.5, 0.7));
  run.summary.nodes = 1;
  run.summary.bytes_to_target = 0;
  run.bytes_by_then = 0;
  CHECK(headline_of({{"a", {run}}, {"b", {run}}}) ==
        "One node trains alone, whatever the algorithm: it reached 60 % accuracy in less than 2 s.");
  const std::vector<RunFolder> folders{folder_of({{"a", {run}}, {"b", {run}}})};
  const FindingsTable table = findings_table(ranking_of(folders));
  CHECK(table.titles == std::vector<std::string>{"algorithm", "time to 60 %", "bytes to 60 %", "final accuracy"});
  CHECK(table.rows[1] == std::vector<std::string>{"b", "< 2 s", "0 B", "70.0 ± 2.0 %"});
}

TEST_CASE("who diverged is called so, and not praised") {
  const SeedRun sound = finished_run(1, 100.0, 0.7);
  const SeedRun gone = diverged_by(0, finished_run(1, 0.0, 0.25));
  CHECK(headline_of({{"a", {gone}}, {"b", {sound}}}) ==
        "b reached 60 % accuracy first, after 100 s; no other algorithm reached it.");
  CHECK(headline_of({{"a", {gone}}, {"b", {diverged_by(2.5, sound)}}}) ==
        "All algorithms diverged: b (by 2.50 s) and a (by 0 s).");
  CHECK(headline_of({{"a", {gone}}}) == "a diverged by 0 s: its losses are not finite.");
  SeedRun aimless = gone;
  aimless.summary.target.reset();
  CHECK(headline_of({{"a", {aimless}}, {"b", {without_target(0.1)}}}) == "b ended at 10 % accuracy.");
  std::vector<SeedRun> seeds = seeds_with({1.0, 2.0, 3.0});
  seeds[2] = diverged_by(7, seeds[2]);
  const std::vector<RunFolder> folders{folder_of({{"a", seeds}, {"b", seeds_with({10.0, 11.0, 12.0})}})};
  const Ranking all = ranking_of(folders);
  CHECK(caveats(all) ==
        std::vector<std::string>{"a diverged in 1 of 3 seeds, first by 7 s: its losses are not finite."});
  const FindingsTable table = findings_table(all);
  CHECK(table.rows[1][0] == "a (diverged in 1 of 3 seeds)");
  CHECK(table.rows[1][1] == "diverged");
}

TEST_CASE("without a target no accuracy is called the highest that cannot be told from others") {
  SeedRun moving = without_target(0.62);
  moving.evaluations.resize(2);
  moving.evaluations[0].accuracy.mean = 0.59;
  moving.evaluations[1].accuracy.mean = 0.62;
  CHECK(headline_of({{"a", {moving}}, {"b", {without_target(0.61)}}}) ==
        "a (62 %) and b (61 %) ended with the highest accuracy: no difference that one seed can tell, accuracies "
        "still moving by 3.0 percentage points between evaluations.");
  CHECK(headline_of({{"a", {without_target(0.5)}}, {"b", {without_target(0.5)}}}) ==
        "a (50 %) and b (50 %) ended with the highest accuracy: no difference that one seed can tell.");
}

TEST_CASE("those that tie are marked, and so is who leads at each of several folders") {
  const auto first_cells = [](const std::vector<RunFolder>& folders) {
    std::vector<std::string> cells;
    for (const auto& row : findings_table(ranking_of(folders)).rows) cells.push_back(row.front());
    return cells;
  };
  using Cells = std::vector<std::string>;
  CHECK(first_cells({folder_of(
            {{"a", seeds_with({10.0, 12.0})}, {"b", seeds_with({12.0, 10.5})}, {"c", seeds_with({90.0, 91.0})}})}) ==
        Cells{"a *", "b *", "c"});
  CHECK(first_cells({folder_of({{"a", seeds_with({10.0})}, {"b", seeds_with({12.0})}})}) == Cells{"a", "b"});
  std::vector<RunFolder> folders{folder_of({{"a", seeds_with({10.0})}, {"b", seeds_with({12.0})}}),
                                 folder_of({{"a", seeds_with({14.0})}, {"b", seeds_with({13.0})}})};
  folders[1].name = "slow";
  CHECK(first_cells(folders) == Cells{"a (race) *", "b (race)", "b (slow) *", "a (slow)"});
  CHECK(headlines(ranking_of(folders)) ==
        Cells{"race: a reached 60 % accuracy first, after 10 s: 1.20 times as fast as the only other, b (12 s).",
              "slow: b reached 60 % accuracy first, after 13 s: 1.08 times as fast as the only other, a (14 s)."});
}
