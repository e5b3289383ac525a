#include "scenarios/src/report/node_bands.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

namespace {

/// Nodes that train for half of 100 s and wait for 2 s more each; nodes 3 and 5 have slow links.
SeedRun run_of(NodeId nodes) {
  SeedRun run;
  run.summary.virtual_s = 100;
  run.summary.network_stragglers = {3, 5};
  for (NodeId node = 0; node < nodes; ++node) {
    run.nodes[node].training_s = 50;
    run.nodes[node].waiting_s = 2.0 * node;
  }
  return run;
}

}  // namespace

TEST_CASE("stragglers' bands come first, the others in order of node") {
  const auto bands = node_bands(run_of(7), 10);
  REQUIRE(bands.size() == 7);
  CHECK(bands[0].first == 3);
  CHECK(bands[0].kind == StragglerKind::network);
  CHECK(bands[1].first == 5);
  CHECK(bands[2].first == 0);
  CHECK(bands[2].kind == StragglerKind::none);
  CHECK(bands[6].first == 6);
}

TEST_CASE("a band's shares are of the run's virtual time") {
  SeedRun run = run_of(2);
  run.nodes[1].uplink_busy_s = 25;
  run.nodes[1].away_s = 10;
  run.nodes[1].sent = 30;
  run.nodes[1].dropped = 10;
  const auto bands = node_bands(run, 10);
  REQUIRE(bands.size() == 2);
  CHECK(bands[1].training == 0.5);
  CHECK(bands[1].waiting == 0.02);
  CHECK(bands[1].away == 0.1);
  CHECK(bands[0].away == 0);
  CHECK(*bands[1].uplink_busy == 0.25);
  CHECK_FALSE(bands[1].downlink_busy);
  CHECK(*bands[1].dropped == 0.25);
  CHECK_FALSE(bands[0].dropped);
}

TEST_CASE("many nodes are joined to means, never a straggler with another") {
  const auto bands = node_bands(run_of(1000), 20);
  REQUIRE(bands.size() <= 21);
  CHECK(bands[0].nodes == 2);
  CHECK(bands[0].kind == StragglerKind::network);
  CHECK(bands[0].waiting == doctest::Approx(0.08));
  std::size_t nodes = 0;
  for (const NodeBand& band : bands) nodes += band.nodes;
  CHECK(nodes == 1000);
}

TEST_CASE("a node that is slow in both ways is a kind of its own") {
  SeedRun run = run_of(6);
  run.summary.compute_stragglers = {4, 5};
  const auto bands = node_bands(run, 10);
  CHECK(bands[0].first == 5);
  CHECK(bands[0].kind == StragglerKind::both);
  CHECK(bands[1].kind == StragglerKind::network);
  CHECK(bands[2].first == 4);
  CHECK(bands[2].kind == StragglerKind::compute);
}

TEST_CASE("a run without nodes has no bands") { CHECK(node_bands(SeedRun(), 10).empty()); }
