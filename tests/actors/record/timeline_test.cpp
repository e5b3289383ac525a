/// The record of a run for a timeline: every message at every place on its way.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>
#include <set>
#include <tuple>

#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/scripted_run.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/actors/wild_plan.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using LinkName = std::tuple<LinkRow::Kind, NodeId, NodeId>;

/// The sums of hops, as links count them.
struct Tally {
  Time busy{};
  Time shared{};  ///< of transmissions under fair sharing, several at once: each counts for all of its time
  std::uint64_t passed = 0;
  std::set<std::pair<FragmentId, std::uint64_t>> dropped;  ///< messages, as one may be cut at two places
  std::uint64_t dropped_hops = 0;
  std::uint64_t lost = 0;
  Time last_end{};
};

LinkName link_of(NodeId node, const Hop& hop) {
  switch (hop.place) {
    case Hop::Place::downlink:
      return {LinkRow::Kind::downlink, node, node};
    case Hop::Place::pair:
      return {LinkRow::Kind::link, node, hop.peer};
    default:
      return {LinkRow::Kind::uplink, node, node};
  }
}

/// `until`: the run's end.
std::map<LinkName, Tally> tally(const MemorySink& sink, Time until) {
  std::set<LinkName> pairs;
  for (const LinkRow& row : sink.links) {
    if (row.kind == LinkRow::Kind::link && row.rate > 0) pairs.insert({row.kind, row.from, row.to});
  }
  std::map<LinkName, Tally> tallies;
  const auto add = [&](NodeId node, const Hop& hop) {
    Tally& own = tallies[link_of(node, hop)];
    Tally& access = hop.place == Hop::Place::downlink ? own : tallies[{LinkRow::Kind::uplink, node, node}];
    const bool goes_on = hop.place == Hop::Place::uplink && pairs.count({LinkRow::Kind::link, node, hop.peer});
    if (hop.fate == Hop::Fate::lost) ++tallies[{LinkRow::Kind::link, node, hop.peer}].lost;
    if (hop.fate == Hop::Fate::cut || hop.fate == Hop::Fate::dropped) {
      access.dropped.insert({hop.fragment, hop.number});
      ++access.dropped_hops;
    }
    if (hop.fate == Hop::Fate::passed && !goes_on) ++access.passed;
    if (hop.place != Hop::Place::downlink && hop.begin < until) {
      const Time length = std::min(hop.end, until) - hop.begin + Time{1};  // a share of it is rounded to whole ticks
      own.shared += length;
    }
    if (hop.place == Hop::Place::shared_uplink) return;  // several at once
    if (hop.fate == Hop::Fate::passed || hop.fate == Hop::Fate::cut) {
      own.busy += hop.end - hop.begin;
      CHECK(hop.begin >= own.last_end);
      own.last_end = hop.end;
    }
  };
  for (const auto* records : {&sink.rounds, &sink.of_servers, &sink.unfinished}) {
    for (const RoundRecord& record : *records) {
      for (const AccessRow* row : {&record.uplink, &record.downlink}) {
        if (!row->hops) continue;
        for (const Hop& hop : *row->hops) add(record.round.node, hop);
      }
    }
  }
  return tallies;
}

TEST_CASE("a timeline accounts for every message and for all of the links' time, for every algorithm") {
  for (const std::string& kind : kinds()) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      INFO(kind << ", seed " << seed);
      RunPlan plan = wild_plan(kind, seed);
      plan.timeline = true;
      CountingLearner learner(500);
      MemorySink sink;
      execute(plan, learner, sink);
      auto tallies = tally(sink, plan.duration);
      CHECK(sink.unfinished.size() == plan.nodes);
      for (const LinkRow& row : sink.links) {
        INFO("link " << static_cast<int>(row.kind) << " from " << row.from << " to " << row.to);
        const Tally& hops = tallies[{row.kind, row.from, row.to}];
        CHECK(hops.lost == row.lost.messages);
        if (row.kind == LinkRow::Kind::link) {
          const bool is_served = row.rate > 0 && plan.network.sharing == Sharing::serial;
          if (is_served) CHECK(hops.busy == row.busy);
          continue;
        }
        CHECK(hops.passed == row.passed.messages);
        if (plan.network.sharing == Sharing::serial) {
          CHECK(hops.busy == row.busy);
        } else {
          CHECK(row.busy <= plan.duration);
          // No message has more of a link than all of it. Messages under way at the end are in no timeline.
          if (row.kind == LinkRow::Kind::uplink && row.under_way.messages == 0) CHECK(row.busy <= hops.shared);
        }
        if (row.kind == LinkRow::Kind::uplink) CHECK(hops.dropped.size() == row.dropped.messages);
        if (row.kind == LinkRow::Kind::downlink) CHECK(hops.dropped_hops == row.dropped.messages);
      }
    }
  }
}

TEST_CASE("nothing is recorded of messages where no timeline is asked for") {
  CountingLearner learner(100);
  MemorySink sink;
  execute(plan_of("divshare", 8, milliseconds(50), milliseconds(500)), learner, sink);
  REQUIRE(sink.rounds.size() > 4);
  for (const RoundRecord& record : sink.rounds) {
    CHECK_FALSE(record.uplink.hops);
    CHECK_FALSE(record.downlink.hops);
  }
}

/// The hops from node 0 to node 1 at this place, by number of the message.
std::vector<Hop> hops_at(const MemorySink& sink, Hop::Place place) {
  std::vector<Hop> out;
  for (const auto* records : {&sink.rounds, &sink.of_servers, &sink.unfinished}) {
    for (const RoundRecord& record : *records) {
      const Hops& hops = place == Hop::Place::downlink ? record.downlink.hops : record.uplink.hops;
      if (!hops) continue;
      for (const Hop& hop : *hops) {
        if (hop.place == place) out.push_back(hop);
      }
    }
  }
  return out;
}

void check_times(const Hop& hop, Hop::Fate fate, Time begin, Time end) {
  CHECK(hop.fate == fate);
  CHECK(hop.begin == begin);
  CHECK(hop.end == end);
}

struct SlowPlay {
  Script script{{{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 1}}};
  RunPlan plan = plan_of(2, seconds(1), milliseconds(2500));
  MemorySink sink{};

  void operator()() {
    script.flush = true;
    plan.timeline = true;
    CountingLearner learner(kParameters);
    play(script, plan, learner, sink);
  }
};

constexpr Time kLatency = milliseconds(2);

TEST_CASE("a flush cuts the message in transmission there and then, and drops those behind it") {
  SlowPlay run;
  run.plan.network.access.assign(2, both_ways(1e4));  // 0.8 s a message
  run();
  const auto sent = hops_at(run.sink, Hop::Place::uplink);
  REQUIRE(sent.size() == 4);
  check_times(sent[0], Hop::Fate::passed, seconds(1), milliseconds(1800));
  check_times(sent[1], Hop::Fate::cut, milliseconds(1800), seconds(2));
  check_times(sent[2], Hop::Fate::dropped, seconds(2), seconds(2));
  check_times(sent[3], Hop::Fate::under_way, seconds(2), kNever);
  const auto received = hops_at(run.sink, Hop::Place::downlink);
  REQUIRE(received.size() == 3);
  check_times(received[0], Hop::Fate::passed, seconds(1) + kLatency, milliseconds(1800) + kLatency);
  check_times(received[1], Hop::Fate::cut, milliseconds(1800) + kLatency, seconds(2) + kLatency);
  check_times(received[2], Hop::Fate::under_way, seconds(2) + kLatency, kNever);
  CHECK(received[0].number == sent[0].number);
  CHECK(received[0].size == kMessage);
}

TEST_CASE("a message that is cut at the uplink and at its pair's own link is cut at both") {
  SlowPlay run;
  run.plan.network.access.assign(2, both_ways(1e4));
  run.plan.network.link = same_link({Latency(kLatency), {}, RateProfile(BitsPerSecond{1e4})});
  run();
  for (const Hop::Place place : {Hop::Place::uplink, Hop::Place::pair}) {
    const auto hops = hops_at(run.sink, place);
    REQUIRE(hops.size() >= 2);
    check_times(hops[0], Hop::Fate::passed, seconds(1), milliseconds(1800));
    check_times(hops[1], Hop::Fate::cut, milliseconds(1800), seconds(2));
  }
}

TEST_CASE("under fair sharing messages to one node follow each other, from a shared uplink") {
  SlowPlay run;
  run.plan.network.access.assign(2, both_ways(1e4));
  run.plan.network.sharing = Sharing::fair;
  run();
  const auto sent = hops_at(run.sink, Hop::Place::shared_uplink);
  REQUIRE(sent.size() == 2);
  check_times(sent[0], Hop::Fate::passed, seconds(1), milliseconds(1800));
  check_times(sent[1], Hop::Fate::cut, milliseconds(1800), seconds(2));
}

TEST_CASE("a round that an interruption ends has begun, one for which there was no time has not") {
  for (const bool is_interrupted : {true, false}) {
    INFO("interrupted: " << is_interrupted);
    CountingLearner learner(100);
    MemorySink sink;
    ComputePool pool(1, nullptr);
    const RunPlan plan = plan_of("divshare", 8, seconds(1), milliseconds(3900));
    run_in_virtual_time(plan, learner, pool, sink, [&](const RunPosition& position) {
      return !is_interrupted || position.now < milliseconds(2700);
    });
    REQUIRE(sink.unfinished.size() == 8);
    for (const RoundRecord& record : sink.unfinished) {
      CHECK(record.round.round == kUnfinishedRound);
      CHECK((record.round.begin < kNever) == is_interrupted);
      CHECK(record.round.trained == kNever);
      CHECK(record.round.end == kNever);
    }
  }
}

TEST_CASE("a node that waits for ever has trained, and its round has no end") {
  RunPlan plan = plan_of("d-psgd", 4, milliseconds(50), seconds(2));
  LinkModel deaf{Latency(kLatency), {}, std::nullopt};
  deaf.loss.rate = 1;
  deaf.loss.on_loss = OnLoss::drop;
  plan.network.link = same_link(deaf);
  plan.timeline = true;
  CountingLearner learner(100);
  MemorySink sink;
  execute(plan, learner, sink);
  CHECK(sink.rounds.empty());
  REQUIRE(sink.unfinished.size() == 4);
  for (const RoundRecord& record : sink.unfinished) {
    CHECK(record.round.begin < record.round.trained);
    CHECK(record.round.trained < seconds(1));
    CHECK(record.round.end == kNever);
    REQUIRE(record.uplink.hops);
    CHECK(record.uplink.hops->back().fate == Hop::Fate::lost);
  }
}

TEST_CASE("a timeline's rows come in the order of rounds also where the recorder passes them on early") {
  CountingLearner learner(100);
  RunPlan plan = plan_of("divshare", 40, milliseconds(2), milliseconds(200));
  plan.network.access.assign(plan.nodes, both_ways(1e9));
  plan.timeline = true;
  MemorySink sink;
  std::size_t early = 0;
  ComputePool pool(1, nullptr);
  run_in_virtual_time(plan, learner, pool, sink, [&](const RunPosition&) {
    early = sink.rounds.size();
    return true;
  });
  CHECK(early > sink.rounds.size() / 4);
  std::size_t hops = 0;
  for (const RoundRecord& record : sink.rounds) hops += record.uplink.hops ? record.uplink.hops->size() : 0;
  REQUIRE(hops > (std::size_t{1} << 16));
  const auto is_before = [](const RoundRecord& a, const RoundRecord& b) {
    return std::tie(a.round.end, a.round.node) < std::tie(b.round.end, b.round.node);
  };
  CHECK(std::is_sorted(sink.rounds.begin(), sink.rounds.end(), is_before));
}

}  // namespace
}  // namespace tardigrad
