#include "actors/protocols/low_communication/halos.hpp"

#include <doctest/doctest.h>

#include "tests/actors/algorithm_options.hpp"
#include "tests/memory_archive.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

constexpr NodeId kGlobal = 4;

/// Of workers 2 and 3, whose every change moves it by as much; merges after two of them, a quarter global.
RegionalServer region() { return {AsyncServer(2, {1.0, 0, 1}, 0, 2), kGlobal, {2, 0.25F}}; }

ProtocolMessage change(NodeId from, Round round, float value) { return {from, 0, round, shared({value})}; }

}  // namespace

TEST_CASE("HALoS: a region reports its change since the last merge, serves on, and merges the global model") {
  RegionalServer server = region();
  Actions start, first, second, meanwhile, merged, after;
  server.on_start(shared({10}), start);
  server.on_message(change(2, 1, 1), first);
  REQUIRE(first.sends().size() == 1);
  CHECK(first.sends()[0].to == 2);
  server.on_message(change(3, 1, 2), second);
  REQUIRE(second.sends().size() == 2);
  check_close(*second.sends()[0].values, {7});  // the worker's answer
  CHECK(second.sends()[1].to == kGlobal);
  CHECK(second.sends()[1].round == 1);
  check_close(*second.sends()[1].values, {3});  // what it was less what it is
  CHECK(second.awaited() == std::vector<NodeId>{kGlobal});

  server.on_message(change(2, 2, 1), meanwhile);
  server.on_message(change(3, 2, 1), meanwhile);  // due, but the first report is on its way
  CHECK(meanwhile.sends().size() == 2);
  server.on_message({kGlobal, 0, 1, shared({9})}, merged);
  REQUIRE(merged.starts_round());
  check_close(*merged.values(), {6});  // 5 * 0.75 + 9 * 0.25
  CHECK(merged.awaited().empty());

  server.on_message(change(2, 3, 1), after);
  CHECK(after.sends().size() == 1);
  server.on_message(change(3, 3, 1), after);
  REQUIRE(after.sends().size() == 3);
  check_close(*after.sends()[2].values, {2});  // since the merge
  CHECK(after.sends()[2].round == 2);
}

TEST_CASE(
    "HALoS: a report that may be lost is sent again and counts once, a useless answer leaves the region's model") {
  RegionalServer server = region();
  AsyncServer global(2, {1.0, 0, 1}, 0, kGlobal + 1);
  Actions start, reported, again, first, second, refused;
  server.on_start(shared({10}), start);
  global.on_start(shared({10}), start);
  server.on_message(change(2, 1, 1), reported);
  server.on_message(change(3, 1, 2), reported);
  server.on_wait_over(again);
  REQUIRE(again.sends().size() == 1);
  const ProtocolMessage report{kGlobal + 1, 0, again.sends()[0].round, again.sends()[0].values};
  global.on_message(report, first);
  global.on_message(report, second);
  check_close(*second.sends().at(0).values, {7});
  server.on_message({kGlobal, 0, 1, shared({1, 1})}, refused);
  CHECK(refused.refused() == std::vector<NodeId>{kGlobal});
  REQUIRE(refused.starts_round());
  check_close(*refused.values(), {7});
  Actions late;
  server.on_message({kGlobal, 0, 1, shared({9})}, late);
  CHECK_FALSE(late.starts_round());
}

TEST_CASE("HALoS: a region goes on from its saved state as if nothing had happened") {
  RegionalServer server = region(), same = region();
  Actions ignored, merged;
  server.on_start(shared({10}), ignored);
  server.on_message(change(2, 1, 1), ignored);
  server.on_message(change(3, 1, 2), ignored);
  REQUIRE(test::load(test::saved(server), same));
  same.on_message({kGlobal, 0, 1, shared({11})}, merged);
  check_close(*merged.values(), {8});
}

TEST_CASE("HALoS by its options: consecutive nodes have a region's server, behind the global one") {
  CHECK(region_of(0, 10, 4) == 0);
  CHECK(region_of(2, 10, 4) == 0);
  CHECK(region_of(3, 10, 4) == 1);
  CHECK(region_of(9, 10, 4) == 3);
  const Algorithm& algorithm = *find_algorithm("halos");
  AlgorithmOptions options(algorithm.options);
  options.set("regions", std::int64_t{2});
  CHECK(algorithm.server_count(options) == 3);
  CHECK(algorithm.objection(options, Graph::complete(2)).empty());
  options.set("regions", std::int64_t{3});
  CHECK(algorithm.objection(options, Graph::complete(2)) == "3 regions of 2 nodes");

  const ProtocolContext run{graph_schedule({"complete", 0, ""}, 4, 1), 1};
  const auto factory =
      test::protocols_of("halos", run, {{"regions", std::int64_t{2}}, {"merge_every", std::int64_t{1}}});
  for (const NodeId node : {NodeId{1}, NodeId{2}}) {
    const auto worker = factory({node, 0, 1});
    Actions start, trained;
    worker->on_start(shared({1}), start);
    worker->on_trained({0, shared({2})}, trained);
    CHECK(trained.sends().at(0).to == (node == 1 ? 5 : 6));
  }
  const auto server = factory({6, 0, 1});
  Actions start, served, stranger;
  server->on_start(shared({1}), start);
  server->on_message(change(2, 1, 1), served);
  CHECK(served.sends().size() == 2);
  CHECK(served.sends()[1].to == 4);
  server->on_message(change(1, 1, 1), stranger);
  CHECK(stranger.refused() == std::vector<NodeId>{1});
}

}  // namespace tardigrad
