#include "actors/moments_between.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/actors/wild_plan.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Times = std::vector<Time>;

auto as_tuple(const EvaluationRow& e) {
  return std::make_tuple(e.time, e.node, e.round, e.result.accuracy, e.result.loss);
}

template <class Rows>
auto as_tuples(const Rows& rows) {
  std::vector<decltype(as_tuple(rows.front()))> tuples;
  for (const auto& row : rows) tuples.push_back(as_tuple(row));
  return tuples;
}

auto traffic_of(const MemorySink& sink) {
  std::vector<std::tuple<NodeId, Round, Time, Time, double, Bytes, Bytes>> rounds;
  for (const RoundRecord& r : sink.rounds) {
    rounds.emplace_back(r.round.node, r.round.round, r.round.begin, r.round.end, r.round.training_loss,
                        r.uplink.passed_bytes, r.downlink.passed_bytes);
  }
  std::vector<std::tuple<NodeId, NodeId, Bytes, Time>> links;
  for (const LinkRow& l : sink.links) links.emplace_back(l.from, l.to, l.passed.bytes, l.busy);
  return std::make_tuple(rounds, links);
}

MemorySink played(const RunPlan& plan, std::optional<Time> look_from = {}) {
  CountingLearner learner(60);
  ComputePool pool(2, nullptr);
  MemorySink sink;
  sink.look_from = look_from;
  REQUIRE(run_in_virtual_time(plan, learner, pool, sink, [](const RunPosition&) { return true; }).finished);
  return sink;
}

TEST_CASE("moments cut the time between evaluations into tenths, to the tick") {
  const Times moments = moments_between({Time{}, seconds(20), seconds(21)});
  REQUIRE(moments.size() == 18);
  CHECK(moments.front() == seconds(2));
  CHECK(moments[8] == seconds(18));
  CHECK(moments[9] == milliseconds(20100));
  CHECK(moments_between({Time{}, Time{3}}) == Times{Time{1}, Time{2}});
  CHECK(moments_between({Time{}, Time{1}}).empty());
  CHECK(moments_between({seconds(4)}).empty());
  CHECK(moments_between({}).empty());
  const Time longest = std::chrono::hours(2500);
  CHECK(moments_between({Time{}, longest}).back() == longest / 10 * 9);
}

TEST_CASE("nodes are asked before they have passed a moment of the next interval, and at the end at once") {
  const Times evaluations{Time{}, seconds(20), seconds(21)};
  CHECK(asking_time(evaluations, 0) == seconds(2));
  CHECK(asking_time(evaluations, 1) == milliseconds(20100));
  CHECK(asking_time(evaluations, 2) == seconds(21));
  CHECK(least_asking_delay(evaluations) == milliseconds(100));
  CHECK(least_asking_delay({Time{}, Time{3}}) == Time{1});
  CHECK(least_asking_delay({seconds(1)}) == kNever);
}

TEST_CASE("a model of between is tested as an evaluation then would have been, and nothing else changes") {
  for (const std::string& kind : kinds()) {
    for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
      INFO(kind << (sharing == Sharing::fair ? ", fair" : ", serial"));
      RunPlan plan = plan_of(kind, 8, milliseconds(50), milliseconds(900));
      plan.network.sharing = sharing;
      plan.evaluations = {Time{}, milliseconds(250), milliseconds(500), plan.duration};
      const MemorySink plain = played(plan);
      for (const std::size_t place : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        INFO("before evaluation " << place);
        RunPlan looking = plan;
        looking.moments_between = moments_between(plan.evaluations);
        const MemorySink looked = played(looking, plan.evaluations[place]);
        CHECK(as_tuples(looked.evaluations) == as_tuples(plain.evaluations));
        CHECK(traffic_of(looked) == traffic_of(plain));

        const Times inner = moments_between({plan.evaluations[place - 1], plan.evaluations[place]});
        RunPlan finer = plan;
        finer.evaluations.insert(finer.evaluations.end(), inner.begin(), inner.end());
        std::sort(finer.evaluations.begin(), finer.evaluations.end());
        std::vector<EvaluationRow> expected = played(finer).evaluations;
        expected.erase(std::remove_if(expected.begin(), expected.end(),
                                      [&](const EvaluationRow& row) {
                                        return std::find(inner.begin(), inner.end(), row.time) == inner.end();
                                      }),
                       expected.end());
        REQUIRE(expected.size() == 9 * tested_models(plan));
        CHECK(as_tuples(looked.between) == as_tuples(expected));
      }
    }
  }
}

TEST_CASE("what is reached at the first evaluation has nothing before it") {
  RunPlan plan = plan_of("divshare", 8, milliseconds(50), milliseconds(900));
  plan.evaluations = {Time{}, milliseconds(250), plan.duration};
  plan.moments_between = moments_between(plan.evaluations);
  const MemorySink looked = played(plan, Time{});
  CHECK(looked.between.empty());
  CHECK(looked.evaluations.size() == 27);
}

}  // namespace
}  // namespace tardigrad
