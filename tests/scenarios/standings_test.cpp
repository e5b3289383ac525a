#include "scenarios/src/standings.hpp"

#include <doctest/doctest.h>

#include "result_folder.hpp"

using namespace tardigrad;
using test::finished_run;
using test::folder_of;

namespace {

std::vector<std::string> labels(const Standings& all) {
  std::vector<std::string> names;
  for (const Standing& standing : all.ranked) names.push_back(standing.label);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the first to reach the target leads; who did not reach it follows by accuracy") {
  const std::vector<RunFolder> folders{folder_of({{"bad", {finished_run(1, {}, 0.3)}},
                                                  {"close", {finished_run(1, {}, 0.59)}},
                                                  {"fast", {finished_run(1, 100.0, 0.61)}},
                                                  {"slow", {finished_run(1, 400.0, 0.7)}}})};
  CHECK(labels(standings(folders)) == Names{"fast", "slow", "close", "bad"});
}

TEST_CASE("reaching the target with every seed comes before reaching it sooner with some") {
  const std::vector<RunFolder> folders{
      folder_of({{"lucky", {finished_run(1, 50.0, 0.6), finished_run(2, {}, 0.5)}},
                 {"steady", {finished_run(1, 300.0, 0.6), finished_run(2, 320.0, 0.6)}}})};
  const Standings all = standings(folders);
  CHECK(labels(all) == Names{"steady", "lucky"});
  CHECK(all.ranked[1].reached == 1);
  CHECK(all.ranked[1].time_to_target_s->mean == 50);
}

TEST_CASE("speed-ups are over the slowest that reached the target") {
  const std::vector<RunFolder> folders{folder_of(
      {{"a", {finished_run(1, 100.0, 0.7)}}, {"b", {finished_run(1, 400.0, 0.7)}}, {"c", {finished_run(1, {}, 0.5)}}})};
  const Standings all = standings(folders);
  CHECK(*all.ranked[0].speed_up == 4);
  CHECK(*all.ranked[1].speed_up == 1);
  CHECK_FALSE(all.ranked[2].speed_up);
}

TEST_CASE("seeds are joined to their mean and sample deviation") {
  const std::vector<RunFolder> folders{folder_of({{"a", {finished_run(1, 90.0, 0.6), finished_run(2, 110.0, 0.7)}}})};
  const Standing standing = standings(folders).ranked[0];
  CHECK(standing.time_to_target_s->mean == doctest::Approx(100));
  CHECK(standing.time_to_target_s->std == doctest::Approx(14.142136));
  CHECK(standing.time_to_target_s->min == 90);
  CHECK(standing.time_to_target_s->max == 110);
  CHECK(standing.final_accuracy->mean == doctest::Approx(0.65));
}

TEST_CASE("a partial run is left out of the means, unless there is no whole one") {
  SeedRun cut = finished_run(2, 10.0, 0.1);
  cut.gaps.push_back("interrupted");
  const std::vector<RunFolder> folders{folder_of({{"cut", {cut}}, {"mixed", {finished_run(1, 90.0, 0.6), cut}}})};
  const Standings all = standings(folders);
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
  const Standings all = standings(folders);
  CHECK(all.targets_differ);
  CHECK_FALSE(all.target);
  CHECK(labels(all) == Names{"hard", "easy"});
  CHECK_FALSE(all.ranked[0].speed_up);
}

TEST_CASE("an accuracy and a loss of the same number are different targets") {
  SeedRun by_loss = finished_run(1, 10.0, 0.7);
  by_loss.summary.target = {Figure::loss, 0.6};
  const std::vector<RunFolder> folders{folder_of({{"a", {by_loss}}, {"b", {finished_run(1, 5.0, 0.6)}}})};
  CHECK(standings(folders).targets_differ);
  CHECK(labels(standings(folders)) == Names{"a", "b"});
}

TEST_CASE("the same algorithm of two folders is told apart by the folder") {
  std::vector<RunFolder> folders{folder_of({{"swift", {finished_run(1, 10.0, 0.7)}}}),
                                 folder_of({{"swift", {finished_run(1, 20.0, 0.7)}}})};
  folders[1].name = "other";
  CHECK(labels(standings(folders)) == Names{"swift (race)", "swift (other)"});
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
  const Standing standing = standings(folders).ranked[0];
  CHECK(*standing.dropped_share == 0.25);
  CHECK(*standing.training_share == doctest::Approx(0.5));
  CHECK(*standing.waiting_share == doctest::Approx(0.125));
}
