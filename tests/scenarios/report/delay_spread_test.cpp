#include "scenarios/src/report/delay_spread.hpp"

#include <doctest/doctest.h>

#include "scenarios/src/report/findings.hpp"
#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;

namespace {

/// 100 rounds of 1 s training and 1 s of transmissions each. Node 0 is slow; node i is i hops away and waits
/// for `waits_s[i]` seconds in each round.
SeedRun chain_run(const std::vector<double>& waits_s) {
  SeedRun run = test::finished_run(1, 10.0, 0.7);
  run.summary.network_stragglers = {0};
  run.distances.kind = StragglerDistances::Kind::hops;
  for (NodeId node = 0; node < waits_s.size(); ++node) {
    NodeActivity& own = run.nodes[node];
    own.rounds = 100;
    own.training_s = 100;
    own.uplink_busy_s = 100;
    own.downlink_busy_s = 50;
    own.waiting_s = 100 * waits_s[node];
    own.waited_s.assign(kTimeSlots, own.waiting_s / kTimeSlots);
    run.distances.hops.push_back(node);
  }
  return run;
}

struct Race {
  explicit Race(std::vector<AlgorithmRuns> algorithms)
      : folders{test::folder_of(std::move(algorithms))}, all(ranking_of(folders)) {}

  std::vector<RunFolder> folders;
  Ranking all;
};

DelaySpread spread_of(SeedRun run, std::uint32_t most_distances = 12) {
  const Race race({{"a", {std::move(run)}}});
  const auto spread = delay_spread(race.all.ranked.front(), most_distances);
  REQUIRE(spread);
  return *spread;
}

using Nodes = DelayReach::Nodes;

}  // namespace

TEST_CASE("nodes are held up for as long as they wait beyond their own transmissions") {
  const DelaySpread spread = spread_of(chain_run({1, 3, 1.5, 1}));
  REQUIRE(spread.rows.size() == 4);
  CHECK(spread.rows[0].who == DelayRow::Who::stragglers);
  CHECK(spread.rows[1].who == DelayRow::Who::at_distance);
  CHECK(spread.rows[1].own_s == doctest::Approx(2));
  CHECK(spread.rows[1].held_up_s == doctest::Approx(2));
  CHECK(spread.rows[2].held_up_s == doctest::Approx(0.5));
  CHECK(spread.rows[3].held_up_s == 0);
  CHECK(spread.rows[3].rounds == 100);
  CHECK(spread.rows[1].waiting[5] == doctest::Approx(300.0 / 800));
}

TEST_CASE("a delay reaches as far as the nodes it makes a tenth slower, without a gap") {
  const auto reach = [](const std::vector<double>& waits_s) { return spread_of(chain_run(waits_s)).reach(); };
  CHECK(reach({1, 3, 1.5, 1}).nodes == Nodes::near);
  CHECK(reach({1, 3, 1.5, 1}).hops == 2);
  CHECK(reach({1, 3, 3, 3}).nodes == Nodes::everyone);
  CHECK(reach({1, 3, 3, 3}).hops == 3);
  CHECK(reach({9, 1, 1.19, 0}).nodes == Nodes::nobody);
  CHECK(reach({1, 1, 1.21, 1}).nodes == Nodes::some);
}

TEST_CASE("where distance does not apply all others are one row") {
  SeedRun run = chain_run({1, 3, 1, 1});
  run.distances = {StragglerDistances::Kind::complete, {}};
  const DelaySpread spread = spread_of(run);
  REQUIRE(spread.rows.size() == 2);
  CHECK(spread.rows[1].who == DelayRow::Who::others);
  CHECK(spread.rows[1].nodes == 3);
  CHECK(spread.rows[1].held_up_s == doctest::Approx(2.0 / 3));
  CHECK(spread.reach().nodes == Nodes::everyone);
  CHECK(spread.reach().hops == 0);
}

TEST_CASE("many distances are joined to few rows") {
  const DelaySpread spread = spread_of(chain_run(std::vector<double>(61, 1)), 12);
  REQUIRE(spread.rows.size() == 13);
  CHECK(spread.rows[1].nearest == 1);
  CHECK(spread.rows[1].farthest == 5);
  CHECK(spread.rows[12].nearest == 56);
  CHECK(spread.rows[12].farthest == 60);
}

TEST_CASE("nodes of all seeds count, each at its distance in its own graph") {
  SeedRun other = chain_run({1, 1, 3});
  other.seed = 2;
  other.distances.hops = {{0}, {2}, {1}};
  const Race race({{"a", {chain_run({1, 3, 1}), other}}});
  const auto spread = delay_spread(race.all.ranked.front());
  REQUIRE(spread);
  CHECK(spread->rows[1].nodes == 2);
  CHECK(spread->rows[1].held_up_s == doctest::Approx(2));
  CHECK(spread->reach().hops == 1);
}

TEST_CASE("without stragglers, or with nobody else, there is nothing to show") {
  SeedRun even = chain_run({1, 3});
  even.summary.network_stragglers.clear();
  CHECK_FALSE(delay_spread(Race({{"a", {even}}}).all.ranked.front()));
  SeedRun all_slow = chain_run({1, 3});
  all_slow.summary.compute_stragglers = {1};
  CHECK_FALSE(delay_spread(Race({{"a", {all_slow}}}).all.ranked.front()));
  CHECK_FALSE(delay_spread(Race({{"a", {test::finished_run(1, 1.0, 0.7)}}}).all.ranked.front()));
}

TEST_CASE("one sentence says whom stragglers held up, algorithms of the same answer together") {
  SeedRun apart = chain_run({1, 3, 1});
  apart.distances = {StragglerDistances::Kind::changing, {}};
  const Race race({{"d-psgd", {chain_run({1, 3, 3})}},
                   {"divshare", {chain_run({0, 0, 0})}},
                   {"epidemic", {apart}},
                   {"gossip", {chain_run({0, 0, 0})}},
                   {"lazy", {chain_run({1, 3, 1})}}});
  const auto lines = observations(race.all);
  REQUIRE(lines.size() >= 2);
  CHECK(lines[1] ==
        "Stragglers held up, by a tenth of a round or more, all other nodes, up to 2 hops away, in d-psgd; nobody else "
        "in "
        "divshare and gossip; all other nodes in epidemic; nodes up to 1 hop away in lazy.");
}
