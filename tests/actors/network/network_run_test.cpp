/// Effects of the emulated network beyond plain access links: loss, jitter, links with rates of their own, fair
/// sharing, rates over time, nodes that leave.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include "actors/run/run.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/time/schedule.hpp"
#include "tests/actors/scripted_run.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/actors/wild_plan.hpp"
#include "tests/runtime/driven_time.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kLatency = milliseconds(2);
// A message takes 8 ms at the plan's 1 Mbps, and rounds end at whole seconds.
constexpr Time kTransfer = milliseconds(8);

Time at(int ms) { return milliseconds(ms); }

/// Two nodes or more; messages are sent at the end of round 0, after a second.
struct Play {
  Script script;
  RunPlan plan;
  MemorySink sink{};

  Play(NodeId nodes, std::vector<ScriptedMessage> messages)
      : script{std::move(messages)}, plan(plan_of(nodes, seconds(1), seconds(5))) {}

  void operator()() {
    CountingLearner learner(kParameters);
    play(script, plan, learner, sink);
    check_balance(sink.links);
  }
  std::optional<Time> delivered(std::size_t message) const { return script.messages[message].delivered; }
  LinkRow row(LinkRow::Kind kind, NodeId from, NodeId to) const {
    for (const LinkRow& row : sink.links) {
      if (row.kind == kind && row.from == from && row.to == to) return row;
    }
    FAIL("no such link");
    return {};
  }
};

LinkModel with_latency(Time latency = kLatency) { return {Latency(latency), {}, std::nullopt}; }

LinkModel with_loss(double rate, OnLoss on_loss, Time timeout = {}) {
  LinkModel link = with_latency();
  link.loss.rate = rate;
  link.loss.on_loss = on_loss;
  link.loss.timeout = timeout;
  return link;
}

LinkModel with_rate(RateProfile rate) {
  LinkModel link = with_latency();
  link.rate = std::move(rate);
  return link;
}

// ---- loss ----------------------------------------------------------------------------------------

TEST_CASE("a message that is lost takes its time at the uplink, and is never delivered") {
  Play play(2, {{0, 1, 0}, {0, 1, 0}});
  play.plan.network.link = same_link(with_loss(1, OnLoss::drop));
  play();
  CHECK_FALSE(play.delivered(0));
  CHECK_FALSE(play.delivered(1));
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).passed.messages == 2);
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).busy == 2 * kTransfer);
  CHECK(play.row(LinkRow::Kind::link, 0, 1).lost.messages == 2);
  CHECK(play.row(LinkRow::Kind::downlink, 1, 1).accepted.messages == 0);
}

TEST_CASE("a lost message is transmitted again after the timeout, as often as it takes") {
  const LinkModel link = with_loss(0.6, OnLoss::retransmit, milliseconds(50));
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    Play play(2, {{0, 1, 0}});
    play.plan.seed = seed;
    play.plan.network.link = same_link(link);
    play();
    const auto lost = static_cast<int>(PairLoss(link.loss, seed, 0, 1).next().transmissions) - 1;
    CHECK(play.delivered(0) == at(1000) + lost * (kTransfer + milliseconds(50)) + kTransfer + kLatency);
    CHECK(play.row(LinkRow::Kind::link, 0, 1).lost.messages == static_cast<std::uint64_t>(lost));
    CHECK(play.row(LinkRow::Kind::uplink, 0, 0).passed.messages == static_cast<std::uint64_t>(lost + 1));
  }
}

TEST_CASE("messages behind one that is lost wait for it, as in a reliable stream") {
  LinkModel link = with_loss(0.5, OnLoss::retransmit, milliseconds(50));
  std::uint64_t seed = 1;
  const auto passages = [&] {
    PairLoss loss(link.loss, seed, 0, 1);
    const std::uint32_t first = loss.next().transmissions;
    return std::pair(first, loss.next().transmissions);
  };
  while (passages() != std::pair(2U, 1U)) ++seed;
  Play play(2, {{0, 1, 0}, {0, 1, 0}});
  play.plan.seed = seed;
  play.plan.network.link = same_link(link);
  play();
  // The first is lost at 1,008 ms; the second passes the uplink meanwhile, but comes out behind it.
  CHECK(play.delivered(0) == at(1058) + kTransfer + kLatency);
  CHECK(play.delivered(1) == at(1066) + kLatency + kTransfer);
}

TEST_CASE("a message that is given up lets those behind it pass") {
  LinkModel link = with_loss(1, OnLoss::retransmit, milliseconds(50));
  link.loss.most_transmissions = 3;
  Play play(2, {{0, 1, 0}});
  play.plan.network.link = same_link(link);
  play();
  CHECK_FALSE(play.delivered(0));
  CHECK(play.row(LinkRow::Kind::link, 0, 1).lost.messages == 3);
}

TEST_CASE("a flush gives up messages that wait for being transmitted again") {
  LinkModel link = with_loss(1, OnLoss::retransmit, milliseconds(900));
  Play play(2, {{0, 1, 0}, {0, 1, 1}});
  play.script.flush = true;
  play.plan.network.link = same_link(link);
  play.plan.duration = milliseconds(2850);
  play();
  // Each once: the first would go again at 1,908 ms and 2,816 ms, but the flush at 2 s is in between.
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).passed.messages == 3);
  CHECK(play.row(LinkRow::Kind::link, 0, 1).lost.messages == 3);
}

// ---- latency -------------------------------------------------------------------------------------

TEST_CASE("jitter makes messages late, never early, and never lets them overtake each other") {
  std::vector<ScriptedMessage> messages(200, {0, 1, 0});
  Play play(2, messages);
  LinkModel link;
  link.latency = Latency(PiecewiseConstant(0.002), Distribution::exponential(milliseconds(20)));
  play.plan.network.link = same_link(link);
  play();
  Time previous{};
  Time most_late{};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Time undelayed = at(1000) + static_cast<int>(i + 1) * kTransfer + kLatency;
    REQUIRE(play.delivered(i));
    CHECK(*play.delivered(i) >= undelayed);
    CHECK(*play.delivered(i) >= previous);
    most_late = std::max(most_late, *play.delivered(i) - undelayed);
    previous = *play.delivered(i);
  }
  CHECK(most_late > milliseconds(40));
}

// ---- links with rates of their own ---------------------------------------------------------------

TEST_CASE("a pair's own rate holds up that pair's messages only") {
  Play play(3, {{0, 1, 0}, {0, 1, 0}, {0, 2, 0}});
  play.plan.network.access.assign(3, AccessLink{});
  play.plan.network.link = [](NodeId, NodeId to) {
    return std::make_shared<const LinkModel>(with_rate(BitsPerSecond{to == 1 ? 1e6 : 4e6}));
  };
  play();
  CHECK(play.delivered(0) == at(1008) + kLatency);
  CHECK(play.delivered(1) == at(1016) + kLatency);
  CHECK(play.delivered(2) == at(1002) + kLatency);
  const LinkRow link = play.row(LinkRow::Kind::link, 0, 1);
  CHECK(link.rate == 1e6);
  CHECK(link.busy == at(16));
  CHECK(link.longest_queue == 2);
}

TEST_CASE("uplink, a pair's own rate and downlink together take the time of the slowest") {
  for (const auto& [up, own, down, ms] : {std::tuple(1e6, 4e6, 2e6, 8), std::tuple(4e6, 1e6, 2e6, 8),
                                          std::tuple(4e6, 2e6, 1e6, 8), std::tuple(2e6, 1e6, 4e6, 8)}) {
    Play play(2, {{0, 1, 0}});
    play.plan.network.access = {rates(up, down), rates(up, down)};
    play.plan.network.link = same_link(with_rate(BitsPerSecond{own}));
    play();
    CHECK(play.delivered(0) == at(1000 + ms) + kLatency);
  }
}

TEST_CASE("a flush reaches what waits for a pair's own rate, and what is being transmitted there") {
  Play play(2, {{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 1}});
  play.script.flush = true;
  play.plan.network.access.assign(2, AccessLink{});
  play.plan.network.link = same_link(with_rate(BitsPerSecond{1e4}));  // 0.8 s a message
  play();
  CHECK(play.delivered(0) == at(1800) + kLatency);
  CHECK_FALSE(play.delivered(1));
  CHECK_FALSE(play.delivered(2));
  CHECK(play.delivered(3) == at(2800) + kLatency);
  const LinkRow uplink = play.row(LinkRow::Kind::uplink, 0, 0);
  CHECK(uplink.passed.messages == 2);
  CHECK(uplink.dropped.messages == 2);
  const LinkRow link = play.row(LinkRow::Kind::link, 0, 1);
  CHECK(link.passed.messages == 3);  // a part of the one that was cut has come to the receiver
  CHECK(link.dropped.messages == 1);
}

TEST_CASE("a link that is down holds its messages until it is back") {
  Play play(3, {{0, 1, 0}, {0, 2, 0}});
  const RateProfile fails =
      RateProfile(kUnlimited).scaled(during({{milliseconds(500), milliseconds(1700)}}, 0), kNever);
  play.plan.network.link = [fails](NodeId, NodeId to) {
    return std::make_shared<const LinkModel>(to == 1 ? with_rate(fails) : with_latency());
  };
  play();
  CHECK(play.delivered(0) == at(1700) + kTransfer + kLatency);
  CHECK(play.delivered(1) == at(1016) + kLatency);
}

// ---- rates over time -----------------------------------------------------------------------------

TEST_CASE("a transfer in progress feels a change of rate at once, up and down") {
  for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
    for (const bool uplink : {true, false}) {
      INFO("fair " << (sharing == Sharing::fair) << ", uplink " << uplink);
      Play play(2, {{0, 1, 0}});
      play.plan.network.sharing = sharing;
      // At a tenth from the middle of the transfer on: 4 ms and 40 ms.
      const RateProfile slowed =
          RateProfile(BitsPerSecond{1e6}).scaled(during({{milliseconds(1004), milliseconds(2000)}}, 0.1), kNever);
      (uplink ? play.plan.network.access[0].uplink : play.plan.network.access[1].downlink) = slowed;
      play.plan.network.link = same_link(with_latency(Time{}));
      play();
      CHECK(play.delivered(0) == at(1044));
    }
  }
}

TEST_CASE("nothing is received before it has been sent, nor while the receiver's link is down") {
  // The downlink alone needs 0.8 ms, but fails before the uplink's last byte gets there.
  Play play(2, {{0, 1, 0}});
  play.plan.network.access[1].downlink =
      RateProfile(BitsPerSecond{1e7}).scaled(during({{milliseconds(1009), milliseconds(1500)}}, 0), kNever);
  play();
  REQUIRE(play.delivered(0));
  CHECK(*play.delivered(0) == at(1500));
}

// ---- fair sharing --------------------------------------------------------------------------------

TEST_CASE("fair sharing: messages to different nodes share the uplink, those to one node go in turn") {
  Play play(3, {{0, 1, 0}, {0, 2, 0}, {0, 1, 0}});
  play.plan.network.sharing = Sharing::fair;
  play();
  CHECK(play.delivered(0) == at(1016) + kLatency);
  CHECK(play.delivered(1) == at(1016) + kLatency);
  CHECK(play.delivered(2) == at(1024) + kLatency);
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).longest_queue == 3);
}

TEST_CASE("fair sharing: a slow receiver leaves the uplink to the others") {
  Play play(3, {{0, 1, 0}, {0, 2, 0}});
  play.plan.network.sharing = Sharing::fair;
  play.plan.network.access[1].downlink = BitsPerSecond{2e5};  // 40 ms
  play();
  CHECK(play.delivered(0) == at(1040) + kLatency);
  CHECK(play.delivered(1) == at(1010) + kLatency);
}

TEST_CASE("fair sharing: a flush drops what is being transmitted and frees its share at once") {
  // 0.8 s a message alone: three at once are all unfinished after a second.
  Play play(4, {{0, 1, 0}, {0, 2, 0}, {0, 3, 0}, {0, 1, 1}});
  play.script.flush = true;
  play.plan.network.sharing = Sharing::fair;
  play.plan.network.access[0].uplink = BitsPerSecond{1e4};
  play();
  for (const std::size_t gone : {0, 1, 2}) CHECK_FALSE(play.delivered(gone));
  CHECK(play.delivered(3) == at(2800) + kLatency);
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).dropped.messages == 3);
}

TEST_CASE("fair sharing: a pair's own rate is one more link on the way") {
  Play play(3, {{0, 1, 0}, {0, 2, 0}});
  play.plan.network.sharing = Sharing::fair;
  play.plan.network.link = [](NodeId, NodeId to) {
    return std::make_shared<const LinkModel>(to == 1 ? with_rate(BitsPerSecond{2e5}) : with_latency());
  };
  play();
  CHECK(play.delivered(0) == at(1040) + kLatency);
  CHECK(play.delivered(1) == at(1010) + kLatency);
}

TEST_CASE("fair sharing: a link has been busy for as long as what passed it would have taken all of its capacity") {
  constexpr Time kRounding{1000};
  const auto check_busy = [&](const Play& play, LinkRow::Kind kind, NodeId from, NodeId to, Time expected) {
    INFO("kind " << static_cast<int>(kind) << ", from " << from << " to " << to);
    const Time busy = play.row(kind, from, to).busy;
    CHECK(busy <= expected + kRounding);
    CHECK(busy >= expected - kRounding);
  };
  SUBCASE("one uplink, shared by messages to two nodes") {
    Play play(3, {{0, 1, 0}, {0, 2, 0}, {0, 1, 0}});
    play.plan.network.sharing = Sharing::fair;
    play();
    check_busy(play, LinkRow::Kind::uplink, 0, 0, 3 * kTransfer);
    check_busy(play, LinkRow::Kind::downlink, 1, 1, 2 * kTransfer);
    check_busy(play, LinkRow::Kind::downlink, 2, 2, kTransfer);
    check_busy(play, LinkRow::Kind::uplink, 1, 1, Time{});
    CHECK(play.row(LinkRow::Kind::link, 0, 1).busy == Time{});
  }
  SUBCASE("links of a fifth of the uplink's rate, whose own the rate is, and of no rate") {
    Play play(3, {{0, 1, 0}, {0, 2, 0}});
    play.plan.network.sharing = Sharing::fair;
    play.plan.network.access[1].downlink = kUnlimited;
    play.plan.network.link = [](NodeId, NodeId to) {
      return std::make_shared<const LinkModel>(to == 1 ? with_rate(BitsPerSecond{2e5}) : with_latency());
    };
    play();
    // All of the uplink's rate for 10 ms, a fifth of it for 30 more.
    check_busy(play, LinkRow::Kind::uplink, 0, 0, 2 * kTransfer);
    check_busy(play, LinkRow::Kind::link, 0, 1, 5 * kTransfer);
    CHECK(play.row(LinkRow::Kind::link, 0, 1).rate == 2e5);
    CHECK(play.row(LinkRow::Kind::downlink, 1, 1).busy == Time{});
    check_busy(play, LinkRow::Kind::downlink, 2, 2, kTransfer);
  }
  SUBCASE("a rate that changes twice on the way, once to nothing") {
    Play play(2, {{0, 1, 0}});
    play.plan.network.sharing = Sharing::fair;
    // 500 bytes in 4 ms, nothing for 2 ms, the rest at a quarter of the rate.
    play.plan.network.access[0].uplink =
        RateProfile(PiecewiseConstant::held({{Time{}, 1e6}, {at(1004), 0}, {at(1006), 2.5e5}}));
    play();
    CHECK(play.delivered(0) == at(1022) + kLatency);
    check_busy(play, LinkRow::Kind::uplink, 0, 0, at(4 + 16));
    check_busy(play, LinkRow::Kind::downlink, 1, 1, kTransfer);
  }
  SUBCASE("what a flush cuts counts until then") {
    Play play(2, {{0, 1, 0}, {0, 1, 1}});
    play.script.flush = true;
    play.plan.network.sharing = Sharing::fair;
    play.plan.network.access[0].uplink = BitsPerSecond{1e3};  // 8 s a message, cut after one
    play();
    check_busy(play, LinkRow::Kind::uplink, 0, 0, seconds(2));
    check_busy(play, LinkRow::Kind::downlink, 1, 1, milliseconds(2));
  }
  SUBCASE("what the end of the run interrupts counts until then") {
    Play play(2, {{0, 1, 0}});
    play.plan.network.sharing = Sharing::fair;
    play.plan.network.access[0].uplink = BitsPerSecond{1e3};
    play();
    check_busy(play, LinkRow::Kind::uplink, 0, 0, seconds(4));
    check_busy(play, LinkRow::Kind::downlink, 1, 1, milliseconds(4));
  }
}

// ---- churn ---------------------------------------------------------------------------------------

TEST_CASE("what comes to a node that is away is dropped and counted, also what it was receiving") {
  Play play(3, {{0, 1, 0}, {2, 1, 0}, {0, 1, 1}});
  play.plan.paces[2].start = milliseconds(10);
  play.plan.absences[1] = NodeAbsence({{milliseconds(1014), milliseconds(1500)}});
  play();
  CHECK(play.delivered(0) == at(1010));
  CHECK_FALSE(play.delivered(1));  // on its way from 1,010 to 1,020 ms
  CHECK(play.delivered(2) == at(2010));
  CHECK(play.row(LinkRow::Kind::downlink, 1, 1).absent.messages == 1);
}

TEST_CASE("a node that leaves loses what it has not sent, and its local steps wait for its return") {
  Play play(2, {{0, 1, 0}, {0, 1, 0}, {0, 1, 1}});
  play.plan.absences[0] = NodeAbsence({{milliseconds(1010), milliseconds(3010)}});
  play();
  CHECK(play.delivered(0) == at(1010));
  CHECK_FALSE(play.delivered(1));
  CHECK(play.delivered(2) == at(4010));  // the second round took 10 ms before and 990 ms after
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).dropped.messages == 1);
  CHECK(play.sink.rounds.size() == 3 + 5);
}

TEST_CASE("fair sharing: a node that leaves loses what it is sending") {
  Play play(2, {{0, 1, 0}});
  play.plan.network.sharing = Sharing::fair;
  play.plan.absences[0] = NodeAbsence({{milliseconds(1004), milliseconds(3004)}});
  play();
  CHECK_FALSE(play.delivered(0));
  CHECK(play.row(LinkRow::Kind::uplink, 0, 0).dropped.messages == 1);
}

TEST_CASE("local steps take their time at the pace that the node has meanwhile") {
  Play play(2, {{0, 1, 0}});
  play.plan.paces[0].compute = ComputePace(during({{milliseconds(500), milliseconds(1500)}}, 0.5));
  play();
  CHECK(play.delivered(0) == at(1510));
}

// ---- waiting -------------------------------------------------------------------------------------

TEST_CASE("ad-psgd goes on after a loss when it has waited long enough, and stands still without that rule") {
  RunPlan plan = plan_of("ad-psgd", 4, milliseconds(100), seconds(10));
  plan.network.link = same_link(with_loss(0.3, OnLoss::drop));
  CountingLearner learner(kParameters);
  MemorySink waiting;
  const RunOutcome stuck = execute(plan, learner, waiting);
  // Passive nodes have rounds to train to the end: only the active ones stand still.
  CHECK(stuck.finished);
  REQUIRE(stuck.waits.size() == 2);
  std::map<NodeId, Round> rounds;
  for (const RoundRecord& record : waiting.rounds) ++rounds[record.round.node];
  CHECK(rounds[stuck.waits[0].node] < 90);

  plan.wait_timeout = milliseconds(300);
  MemorySink sink;
  CHECK(execute(plan, learner, sink).finished);
  rounds.clear();
  for (const RoundRecord& record : sink.rounds) ++rounds[record.round.node];
  for (NodeId node = 0; node < plan.nodes; ++node) CHECK(rounds[node] > 40);
}

/// Waits after its first round for a message that nobody sends.
class Hopeful final : public FragmentProtocol {
 public:
  explicit Hopeful(NodeId self) : self_(self) {}
  void on_trained(LocalRound, Actions& actions) override { actions.await({(self_ + 1) % 3}); }
  void on_message(const ProtocolMessage&, Actions&) override {}
  void persist(StateArchive&) override {}

 private:
  NodeId self_;
};

TEST_CASE("a run in which nobody can go on ends at once and says who waits for whom") {
  RunPlan plan = plan_of(3, seconds(1), seconds(1'000'000));
  plan.protocols = [](const FragmentInfo& info) { return std::make_unique<Hopeful>(info.node); };
  plan.evaluations = {Time{}, seconds(500), seconds(1'000'000)};
  CountingLearner learner(10);
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  CHECK_FALSE(outcome.finished);
  CHECK(outcome.stands_still);
  CHECK(outcome.position.now == Time(seconds(1)));
  REQUIRE(outcome.waits.size() == 3);
  for (NodeId node = 0; node < 3; ++node) {
    CHECK(outcome.waits[node].node == node);
    CHECK(outcome.waits[node].awaited == std::vector<NodeId>{(node + 1) % 3});
  }
}

TEST_CASE("real time: a run in which nobody can go on ends, too") {
  RunPlan plan = plan_of(3, milliseconds(20), seconds(1'000));
  plan.protocols = [](const FragmentInfo& info) { return std::make_unique<Hopeful>(info.node); };
  CountingLearner learner(10);
  test::DrivenTime time;
  test::DrivenPool pool(time, 1);
  MemorySink sink;
  const RunOutcome outcome = run_in_real_time(
      plan, learner, pool, sink, [](const RunPosition&) { return true; }, time);
  CHECK(outcome.stands_still);
  CHECK(outcome.position.now > milliseconds(1020));  // after a second without an event
  CHECK(outcome.position.now <= milliseconds(1070));
  CHECK(outcome.waits.size() == 3);
}

// ---- everything at once --------------------------------------------------------------------------

auto as_tuple(const LinkRow& l) {
  return std::make_tuple(l.kind, l.from, l.to, l.accepted.bytes, l.passed.messages, l.passed.bytes, l.dropped.bytes,
                         l.absent.bytes, l.lost.bytes, l.under_way.bytes, l.busy, l.longest_queue);
}

TEST_CASE("every link accounts for every byte, whatever happens and whenever one looks") {
  for (const std::string& kind : kinds()) {
    for (std::uint64_t seed = 1; seed <= 16; ++seed) {
      INFO(kind << ", seed " << seed);
      const RunPlan plan = wild_plan(kind, seed);
      CountingLearner learner(2000);
      MemorySink sink;
      execute(plan, learner, sink);
      check_balance(sink.links);
      // The bytes that links report as handed over equal those that downlinks report as received.
      std::map<NodeId, Bytes> handed_over, got;
      for (const LinkRow& row : sink.links) {
        if (row.kind == LinkRow::Kind::link) handed_over[row.to] += row.passed.bytes;
        if (row.kind == LinkRow::Kind::downlink) got[row.to] = row.accepted.bytes;
      }
      for (NodeId node = 0; node < plan.nodes; ++node) CHECK(handed_over[node] == got[node]);
    }
  }
}

TEST_CASE("a wild network, too, gives the same rows on 1, 2 and 4 threads") {
  for (const std::string& kind : kinds()) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      INFO(kind << ", seed " << seed);
      const RunPlan plan = wild_plan(kind, seed);
      CountingLearner learner(500);
      MemorySink reference;
      execute(plan, learner, reference);
      for (const unsigned workers : {2U, 4U}) {
        MemorySink again;
        execute(plan, learner, again, workers);
        CHECK(std::equal(reference.links.begin(), reference.links.end(), again.links.begin(), again.links.end(),
                         [](const LinkRow& a, const LinkRow& b) { return as_tuple(a) == as_tuple(b); }));
        CHECK(std::equal(reference.rounds.begin(), reference.rounds.end(), again.rounds.begin(), again.rounds.end(),
                         [](const RoundRecord& a, const RoundRecord& b) {
                           return a.round.end == b.round.end && a.round.training_loss == b.round.training_loss &&
                                  a.round.mixing.mixed == b.round.mixing.mixed;
                         }));
      }
    }
  }
}

}  // namespace
}  // namespace tardigrad
