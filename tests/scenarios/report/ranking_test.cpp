#include "scenarios/src/report/ranking.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "scenarios/src/report/ranking_texts.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::diverged_by;
using test::finished_run;
using test::folder_of;
using test::interrupted;
using test::measured_every;
using test::seeds_with;

namespace {

std::vector<std::string> labels(const Ranking& all) {
  std::vector<std::string> names;
  for (const RankedAlgorithm& algorithm : all.ranked) names.push_back(algorithm.label);
  return names;
}

using Names = std::vector<std::string>;

/// The labels of those that lead, in order.
Names leaders(const std::vector<RunFolder>& folders) {
  const Ranking all = ranking_of(folders);
  Names names;
  for (const RankedAlgorithm& s : all.ranked) {
    if (s.leads) names.push_back(s.label);
  }
  return names;
}

}  // namespace

TEST_CASE("the first to reach the target leads, who did not reach it follows by accuracy") {
  const std::vector<RunFolder> folders{folder_of({{"bad", {finished_run(1, {}, 0.3)}},
                                                  {"close", {finished_run(1, {}, 0.59)}},
                                                  {"fast", {finished_run(1, 100.0, 0.61)}},
                                                  {"slow", {finished_run(1, 400.0, 0.7)}}})};
  CHECK(labels(ranking_of(folders)) == Names{"fast", "slow", "close", "bad"});
}

TEST_CASE("reaching the target with every seed comes before reaching it sooner with some") {
  const std::vector<RunFolder> folders{
      folder_of({{"lucky", {finished_run(1, 50.0, 0.6), finished_run(2, {}, 0.5)}},
                 {"steady", {finished_run(1, 300.0, 0.6), finished_run(2, 320.0, 0.6)}}})};
  const Ranking all = ranking_of(folders);
  CHECK(labels(all) == Names{"steady", "lucky"});
  CHECK(all.ranked[1].reached == 1);
  CHECK(all.ranked[1].time_to_target_s->mean == 50);
}

TEST_CASE("speed-ups are over the slowest that reached the target") {
  const std::vector<RunFolder> folders{folder_of(
      {{"a", {finished_run(1, 100.0, 0.7)}}, {"b", {finished_run(1, 400.0, 0.7)}}, {"c", {finished_run(1, {}, 0.5)}}})};
  const Ranking all = ranking_of(folders);
  CHECK(all.ranked[0].speed_up->times == 4);
  CHECK(all.ranked[1].speed_up->times == 1);
  CHECK_FALSE(all.ranked[2].speed_up);
}

TEST_CASE("seeds are joined to their mean and sample deviation") {
  const std::vector<RunFolder> folders{folder_of({{"a", {finished_run(1, 90.0, 0.6), finished_run(2, 110.0, 0.7)}}})};
  const RankedAlgorithm algorithm = ranking_of(folders).ranked[0];
  CHECK(algorithm.time_to_target_s->mean == doctest::Approx(100));
  CHECK(algorithm.time_to_target_s->std == doctest::Approx(14.142136));
  CHECK(algorithm.time_to_target_s->min == 90);
  CHECK(algorithm.time_to_target_s->max == 110);
  CHECK(algorithm.final_accuracy->mean == doctest::Approx(0.65));
}

TEST_CASE("a partial run is left out of the means, unless there is no whole one") {
  SeedRun cut = finished_run(2, 10.0, 0.1);
  cut.gaps.push_back("interrupted");
  const std::vector<RunFolder> folders{folder_of({{"cut", {cut}}, {"mixed", {finished_run(1, 90.0, 0.6), cut}}})};
  const Ranking all = ranking_of(folders);
  CHECK(all.ranked[0].label == "cut");
  CHECK(all.ranked[0].partial);
  CHECK(all.ranked[1].seeds.size() == 1);
  CHECK_FALSE(all.ranked[1].partial);
  CHECK(all.ranked[1].time_to_target_s->mean == 90);
}

TEST_CASE("runs with different targets are compared by accuracy, not by time") {
  SeedRun easy = finished_run(1, 10.0, 0.4);
  easy.summary.target = {Figure::accuracy, 0.3};
  const std::vector<RunFolder> folders{folder_of({{"easy", {easy}}, {"hard", {finished_run(1, 500.0, 0.7)}}})};
  const Ranking all = ranking_of(folders);
  CHECK(all.targets_differ);
  CHECK_FALSE(all.target);
  CHECK(labels(all) == Names{"hard", "easy"});
  CHECK_FALSE(all.ranked[0].speed_up);
}

TEST_CASE("an accuracy and a loss of the same number are different targets") {
  SeedRun by_loss = finished_run(1, 10.0, 0.7);
  by_loss.summary.target = {Figure::loss, 0.6};
  const std::vector<RunFolder> folders{folder_of({{"a", {by_loss}}, {"b", {finished_run(1, 5.0, 0.6)}}})};
  CHECK(ranking_of(folders).targets_differ);
  CHECK(labels(ranking_of(folders)) == Names{"a", "b"});
}

TEST_CASE("the same algorithm of two folders is told apart by the folder") {
  std::vector<RunFolder> folders{folder_of({{"swift", {finished_run(1, 10.0, 0.7)}}}),
                                 folder_of({{"swift", {finished_run(1, 20.0, 0.7)}}})};
  folders[1].name = "other";
  CHECK(labels(ranking_of(folders)) == Names{"swift (race)", "swift (other)"});
  folders[1].name = "race";
  folders[1].path = "results/second/";
  CHECK(folder_labels(folders) == Names{"race", "second"});
  folders[1].path = "elsewhere/race";
  CHECK(folder_labels(folders) == Names{"results/race", "elsewhere/race"});
}

TEST_CASE("drops are a share of all messages, waiting a share of all nodes' time") {
  SeedRun run = finished_run(1, 10.0, 0.7);
  run.summary.messages_sent = 75;
  run.summary.messages_dropped = 25;
  run.nodes[0].training_s = 600;
  run.nodes[0].waiting_s = 200;
  run.nodes[1].training_s = 200;
  const std::vector<RunFolder> folders{folder_of({{"a", {run}}})};
  const RankedAlgorithm algorithm = ranking_of(folders).ranked[0];
  CHECK(*algorithm.dropped_share == 0.25);
  CHECK(*algorithm.training_share == doctest::Approx(0.5));
  CHECK(*algorithm.waiting_share == doctest::Approx(0.125));
}

TEST_CASE("who cannot be told from the first leads, too: with one seed what evaluations cannot resolve") {
  const auto race = [](double other) {
    return leaders({folder_of({{"a", {measured_every(2, finished_run(1, 10.0, 0.7))}},
                               {"b", {measured_every(2, finished_run(1, other, 0.7))}}})});
  };
  CHECK(race(10.1) == Names{"a", "b"});
  CHECK(race(11.9) == Names{"a", "b"});
  CHECK(race(12.0) == Names{"a"});
  CHECK(race(8.1) == Names{"b", "a"});
}

TEST_CASE("with several seeds a paired interval says who leads") {
  // The seeds differ more than the algorithms, which differ in the same way with each.
  CHECK(leaders({folder_of({{"a", seeds_with({10.0, 50.0, 90.0})}, {"b", seeds_with({12.0, 52.5, 92.2})}})}) ==
        Names{"a"});
  CHECK(leaders({folder_of({{"a", seeds_with({10.0, 50.0, 90.0})}, {"b", seeds_with({30.0, 35.0, 99.0})}})}) ==
        Names{"a", "b"});
}

TEST_CASE("who comes behind one that is slower is not first, however much its own times differ between seeds") {
  const std::vector<RunFolder> folders{
      folder_of({{"fast", {finished_run(1, 100.0, 0.7), finished_run(2, 110.0, 0.7), finished_run(3, 105.0, 0.7)}},
                 {"slower", {finished_run(1, 200.0, 0.7), finished_run(2, 211.0, 0.7), finished_run(3, 204.0, 0.7)}},
                 {"wild", {finished_run(1, 210.0, 0.7), finished_run(2, 990.0, 0.7), finished_run(3, 300.0, 0.7)}}})};
  const Ranking all = ranking_of(folders);
  CHECK_FALSE(time_behind(all.ranked[0], all.ranked[2]).is_told);
  CHECK(leaders(folders) == Names{"fast"});
}

TEST_CASE("only runs with the same seeds are compared") {
  std::vector<SeedRun> others = seeds_with({12.0, 52.0, 92.0});
  for (SeedRun& run : others) run.seed += 10;
  CHECK(leaders({folder_of({{"a", seeds_with({10.0, 50.0, 90.0})}, {"b", others}})}) == Names{"a", "b"});
  // One seed in common: the interval between evaluations decides.
  others.push_back(finished_run(1, 11.0, 0.7));
  const std::vector<RunFolder> folders{folder_of({{"a", seeds_with({10.0, 50.0, 90.0})}, {"b", others}})};
  const Ranking all = ranking_of(folders);
  CHECK(time_behind(all.ranked[1], all.ranked[0]).seeds == 1);
  CHECK(std::abs(time_behind(all.ranked[1], all.ranked[0]).mean) == 1);
  CHECK(times_as_fast(all.ranked[1], all.ranked[0])->times * times_as_fast(all.ranked[0], all.ranked[1])->times ==
        doctest::Approx(1));
}

TEST_CASE("nobody leads where nobody reached the target with every seed") {
  const std::vector<RunFolder> folders{folder_of({{"a", seeds_with({10.0, {}})}, {"b", seeds_with({{}, {}})}})};
  CHECK(leaders(folders).empty());
  CHECK_FALSE(ranking_of(folders).ranked[0].speed_up);
}

TEST_CASE("a run that diverged wins nothing: it is last, without a time or a speed-up, and leads nobody") {
  const std::vector<RunFolder> folders{folder_of({{"gone", {diverged_by(3, finished_run(1, 0.0, 0.7))}},
                                                  {"slow", {finished_run(1, 100.0, 0.7)}},
                                                  {"none", {finished_run(1, {}, 0.1)}}})};
  const Ranking all = ranking_of(folders);
  CHECK(labels(all) == Names{"slow", "none", "gone"});
  CHECK(leaders(folders) == Names{"slow"});
  CHECK(all.ranked[0].speed_up->times == 1);
  CHECK_FALSE(all.ranked[2].speed_up);
  CHECK_FALSE(all.ranked[2].time_to_target_s);
  CHECK(all.ranked[2].diverged_s == 3.0);
}

TEST_CASE("one seed of several that diverged is enough") {
  std::vector<SeedRun> seeds = seeds_with({1.0, 1.0, 1.0});
  seeds[1] = diverged_by(7, seeds[1]);
  const std::vector<RunFolder> folders{folder_of({{"gone", seeds}, {"slow", seeds_with({9.0, 9.0, 9.0})}})};
  CHECK(leaders(folders) == Names{"slow"});
  CHECK(ranking_of(folders).ranked[1].diverged == 1);
  CHECK_FALSE(ranking_of(folders).ranked[1].has_reached());
}

TEST_CASE("without a target, the highest accuracy of those that did not diverge leads") {
  const auto run = [](std::uint64_t seed, double accuracy) {
    SeedRun made = finished_run(seed, {}, accuracy);
    made.summary.target.reset();
    return made;
  };
  CHECK(leaders({folder_of({{"a", {run(1, 0.7)}}, {"b", {run(1, 0.6)}}, {"c", {diverged_by(1, run(1, 0.9))}}})}) ==
        Names{"a"});
  CHECK(leaders({folder_of({{"a", {run(1, 0.7), run(2, 0.6)}}, {"b", {run(1, 0.68), run(2, 0.61)}}})}) ==
        Names{"a", "b"});
  // It still moved by more between the last two evaluations.
  SeedRun moving = run(1, 0.7);
  moving.evaluations.resize(2);
  moving.evaluations[0].accuracy.mean = 0.55;
  moving.evaluations[1].accuracy.mean = 0.7;
  CHECK(leaders({folder_of({{"a", {moving}}, {"b", {run(1, 0.6)}}})}) == Names{"a", "b"});
}

TEST_CASE("speed-ups are over the baseline that the scenario names") {
  std::vector<RunFolder> folders{folder_of(
      {{"a", seeds_with({100.0, 200.0})}, {"b", seeds_with({400.0, 500.0})}, {"c", seeds_with({800.0, 900.0})}})};
  folders[0].baseline = "b";
  const Ranking all = ranking_of(folders);
  CHECK(all.contests.front().named_baseline == "b");
  CHECK(all.ranked[0].speed_up->times == 3);
  CHECK(all.ranked[1].speed_up->times == 1);
  CHECK(all.ranked[2].speed_up->times == doctest::Approx(900.0 / 1700));
}

TEST_CASE("there are no speed-ups over a baseline that has not run to its end") {
  const auto speed_up = [](const RunFolder& folder) {
    const std::vector<RunFolder> folders{folder};
    return ranking_of(folders).ranked.front().speed_up.has_value();
  };
  RunFolder folder = folder_of({{"a", seeds_with({100.0})}, {"b", seeds_with({400.0})}});
  CHECK(speed_up(folder));
  folder.missing = {{"c", {1}}};
  CHECK_FALSE(speed_up(folder));  // it might be the slowest
  folder.baseline = "b";
  CHECK(speed_up(folder));
  folder.baseline = "c";
  CHECK_FALSE(speed_up(folder));
  folder.missing = {{"b", {2}}};
  folder.baseline = "b";
  CHECK_FALSE(speed_up(folder));
  folder.missing.clear();
  folder.algorithms[1].seeds.front() = interrupted(folder.algorithms[1].seeds.front());
  CHECK_FALSE(speed_up(folder));
}

TEST_CASE("what was cut short is no result: it leads nobody and comes behind what has run to its end") {
  const std::vector<RunFolder> folders{folder_of(
      {{"cut", {interrupted(finished_run(1, 5.0, 0.7))}}, {"slow", seeds_with({400.0})}, {"none", seeds_with({{}})}})};
  CHECK(labels(ranking_of(folders)) == Names{"slow", "none", "cut"});
  CHECK(leaders(folders) == Names{"slow"});
  CHECK_FALSE(ranking_of(folders).ranked[2].speed_up);
}

TEST_CASE("the algorithms of a single node are not compared") {
  std::vector<RunFolder> folders{folder_of({{"a", seeds_with({10.0})}, {"b", seeds_with({10.0})}})};
  for (AlgorithmRuns& runs : folders[0].algorithms) runs.seeds.front().summary.nodes = 1;
  CHECK(ranking_of(folders).contests.front().has_lone_node);
  CHECK(leaders(folders).empty());
  CHECK_FALSE(ranking_of(folders).ranked[0].speed_up);
  // Other scenarios are.
  std::vector<RunFolder> two(2, folder_of({{"a", folders[0].algorithms[0].seeds}}));
  two[1].name = "other";
  CHECK_FALSE(ranking_of(two).contests.front().has_lone_node);
}

TEST_CASE("a speed-up of a time that is only known to be short is the least that the tests around both times leave") {
  const std::vector<RunFolder> folders{folder_of({{"a", {measured_every(2, finished_run(1, 0.5, 0.7))}},
                                                  {"b", {measured_every(2, finished_run(1, 1.5, 0.7))}},
                                                  {"c", {measured_every(2, finished_run(1, 19.5, 0.7))}}})};
  const Ranking all = ranking_of(folders);
  // c was not there by 18 s, and a was by 2 s.
  CHECK(all.ranked[0].speed_up->times == 9);
  CHECK(all.ranked[0].speed_up->kind == TimesAsFast::Kind::lower_bound);
  CHECK(all.ranked[1].speed_up->times == 9);
  CHECK(all.ranked[2].speed_up->kind == TimesAsFast::Kind::estimate);
  CHECK_FALSE(times_as_fast(all.ranked[0], all.ranked[1]));
  const auto behind = times_as_fast(all.ranked[2], all.ranked[0]);
  CHECK(behind->times == doctest::Approx(2.0 / 18));
  CHECK(behind->kind == TimesAsFast::Kind::upper_bound);
}

TEST_CASE("one seed within the first interval makes the mean over seeds a bound") {
  const auto timed = [](std::uint64_t seed, double time_s, double bytes) {
    SeedRun run = measured_every(2, finished_run(seed, time_s, 0.7));
    run.summary.bytes_to_target = static_cast<std::uint64_t>(bytes);
    if (run.reached_before_s) run.bytes_by_then = 3e6;
    return run;
  };
  const std::vector<RunFolder> folders{
      folder_of({{"a", {timed(1, 1.9, 2.9e6), timed(2, 1.9, 2.9e6), timed(3, 2.6, 4.5e6)}},
                 {"b", {timed(1, 2.5, 1e6), timed(2, 2.5, 1e6), timed(3, 2.5, 1e6)}}})};
  const Ranking all = ranking_of(folders);
  REQUIRE(all.ranked[0].reached_before_s);
  CHECK(*all.ranked[0].reached_before_s == doctest::Approx((2 + 2 + 2.6) / 3));
  CHECK(*all.ranked[0].bytes_by_then == doctest::Approx((3e6 + 3e6 + 4.5e6) / 3));
  CHECK_FALSE(all.ranked[1].reached_before_s);
}

TEST_CASE("a bound is rounded to what still is one") {
  using Kind = TimesAsFast::Kind;
  CHECK(times_text({2.636, Kind::estimate}, 2) == "2.64");
  CHECK(times_text({2.636, Kind::lower_bound}, 2) == "2.63");
  CHECK(times_text({19.9, Kind::lower_bound}, 0) == "19");
  CHECK(times_text({0.1111, Kind::upper_bound}, 2) == "0.12");
  CHECK(times_text({2.2, Kind::upper_bound}, 2) == "2.20");
  CHECK(times_text({2.3, Kind::lower_bound}, 2) == "2.30");
}

TEST_CASE("folders of several algorithms are contests of their own, those of one algorithm a single one") {
  std::vector<RunFolder> folders(2, folder_of({{"a", seeds_with({10.0})}, {"b", seeds_with({20.0})}}));
  folders[1] = folder_of({{"a", seeds_with({500.0})}, {"b", seeds_with({400.0})}});
  folders[1].name = "slow";
  CHECK(ranking_of(folders).contests.size() == 2);
  CHECK(leaders(folders) == Names{"a (race)", "b (slow)"});
  CHECK(ranking_of(folders).ranked[0].speed_up->times == 2);
  for (RunFolder& folder : folders) folder.algorithms.resize(1);
  CHECK(ranking_of(folders).contests.size() == 1);
  CHECK(leaders(folders) == Names{"a (race)"});
}

TEST_CASE("times are virtual or real, as all folders say") {
  std::vector<RunFolder> folders(2);
  CHECK(time_name(folders) == "virtual time");
  folders[0].clock = "real";
  CHECK(time_name(folders) == "time");
  folders[1].clock = "real";
  CHECK(time_name(folders) == "real time");
}
