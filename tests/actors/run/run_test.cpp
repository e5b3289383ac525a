#include "actors/run/run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <limits>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "models/learners/null_learner.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/link/serial_server.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/scripted_run.hpp"
#include "tests/actors/small_runs.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kLatency = milliseconds(2);

/// The network's formula, message by message, with no events: uplinks in order of acceptance,
/// downlinks in order of take-up.
void check_against_formula(const Script& script, const RunPlan& plan, Bytes size) {
  struct Arrival {
    Time at;
    Time serial;
    std::size_t message;
  };
  std::vector<std::size_t> by_acceptance(script.messages.size());
  for (std::size_t i = 0; i < by_acceptance.size(); ++i) by_acceptance[i] = i;
  const auto accepted = [&](std::size_t i) {
    const ScriptedMessage& message = script.messages[i];
    const Pace& pace = plan.paces[message.from];
    return pace.start + (message.round + 1) * pace.step_time.mean;
  };
  std::stable_sort(by_acceptance.begin(), by_acceptance.end(),
                   [&](std::size_t a, std::size_t b) { return accepted(a) < accepted(b); });
  std::vector<Time> uplink_free(plan.nodes);
  std::vector<std::vector<Arrival>> arrivals(plan.nodes);
  for (const std::size_t i : by_acceptance) {
    const ScriptedMessage& message = script.messages[i];
    const Time up = transfer_time(size, plan.network.access[message.from].uplink.at(Time{}));
    const Time down = transfer_time(size, plan.network.access[message.to].downlink.at(Time{}));
    const Time begin = std::max(accepted(i), uplink_free[message.from]);
    uplink_free[message.from] = begin + up;
    arrivals[message.to].push_back({std::max(begin + kLatency, begin + up + kLatency - down), down, i});
  }
  for (auto& at_node : arrivals) {
    std::sort(at_node.begin(), at_node.end(), [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
    Time free{};
    for (const Arrival& arrival : at_node) {
      free = std::max(arrival.at, free) + arrival.serial;
      const auto& delivered = script.messages[arrival.message].delivered;
      if (free > plan.duration) {
        CHECK_FALSE(delivered);
      } else {
        REQUIRE(delivered);
        CHECK(delivered->count() == free.count());
      }
    }
  }
}

TEST_CASE("a message alone takes latency and the slower link's time") {
  Script script{{{0, 1, 0}, {1, 0, 1}}};
  RunPlan plan = plan_of(2, seconds(1), seconds(3));
  plan.network.access = {rates(1e6, 4e6), rates(2e6, 8e6)};
  CountingLearner learner(kParameters);
  MemorySink sink;
  play(script, plan, learner, sink);
  CHECK(script.messages[0].delivered == Time(seconds(1)) + milliseconds(8) + milliseconds(2));
  CHECK(script.messages[1].delivered == Time(seconds(2)) + milliseconds(4) + milliseconds(2));
}

TEST_CASE("deliveries follow the serial formula for random schedules, rates and nodes") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    RandomStream draw(seed, Purpose::recipients, 0);
    const auto nodes = static_cast<NodeId>(2 + draw.below(5));
    RunPlan plan = plan_of(nodes, seconds(1), seconds(12));
    for (NodeId node = 0; node < nodes; ++node) {
      plan.network.access[node] = rates(1e4 + 1e5 * draw.uniform(), 1e4 + 1e5 * draw.uniform());
      plan.paces[node].start = from_seconds(draw.uniform());
      plan.paces[node].step_time.mean = from_seconds(0.2 + draw.uniform());
    }
    Script script;
    for (int i = 0; i < 60; ++i) {
      const auto from = static_cast<NodeId>(draw.below(nodes));
      const auto to = static_cast<NodeId>((from + 1 + draw.below(nodes - 1)) % nodes);
      script.messages.push_back({from, to, static_cast<Round>(draw.below(8))});
    }
    CountingLearner learner(kParameters);
    MemorySink sink;
    play(script, plan, learner, sink);
    check_against_formula(script, plan, kMessage);
  }
}

TEST_CASE("what came first goes first, whatever its order among its own round's messages") {
  // Message 1 has the lower place in its round, but round 1 comes after round 0.
  Script script{{{0, 1, 1}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}}};
  RunPlan plan = plan_of(2, milliseconds(5), milliseconds(500));
  CountingLearner learner(kParameters);
  MemorySink sink;
  play(script, plan, learner, sink);
  CHECK(script.messages[3].delivered < script.messages[0].delivered);
}

TEST_CASE("a slow uplink delays only its own node's messages") {
  Script script{{{0, 2, 0}, {1, 2, 0}}};
  RunPlan plan = plan_of(3, seconds(1), seconds(5));
  plan.network.access[0].uplink = BitsPerSecond{1e4};  // 0.8 s
  CountingLearner learner(kParameters);
  MemorySink sink;
  play(script, plan, learner, sink);
  CHECK(script.messages[0].delivered == Time(milliseconds(1802)));
  CHECK(script.messages[1].delivered == Time(milliseconds(1010)));
}

TEST_CASE("a flush gives up what is unsent, and its places at uplink and downlink at once") {
  // 0.8 s a message at node 0: one of the three is through when the next round ends.
  Script script{{{0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 1}}};
  script.flush = true;
  RunPlan plan = plan_of(2, seconds(1), milliseconds(3900));
  plan.network.access[0].uplink = BitsPerSecond{1e4};
  plan.network.access[1].downlink = BitsPerSecond{1e4};
  CountingLearner learner(kParameters);
  MemorySink sink;
  play(script, plan, learner, sink);
  CHECK(script.messages[0].delivered == Time(milliseconds(1802)));
  CHECK_FALSE(script.messages[1].delivered);
  CHECK_FALSE(script.messages[2].delivered);
  CHECK(script.messages[3].delivered == Time(milliseconds(2802)));
  const auto uplink = std::find_if(sink.links.begin(), sink.links.end(), [](const LinkRow& row) {
    return row.kind == LinkRow::Kind::uplink && row.from == 0;
  });
  REQUIRE(uplink != sink.links.end());
  CHECK(uplink->passed.messages == 2);
  CHECK(uplink->dropped.messages == 2);
  CHECK(uplink->busy == Time(milliseconds(1800)));
}

TEST_CASE("fragments share their node's uplink in the order that they ask for") {
  Script script{{{0, 1, 0, 1}, {0, 1, 0, 0}, {0, 1, 0, 1}}};
  RunPlan plan = plan_of(2, seconds(1), seconds(3));
  plan.fragments = 2;
  CountingLearner learner(2 * kParameters);
  MemorySink sink;
  play(script, plan, learner, sink);
  const auto at = [](int ms) { return Time(milliseconds(ms)); };
  CHECK(script.messages[0].delivered == at(1010));
  CHECK(script.messages[1].delivered == at(1018));
  CHECK(script.messages[2].delivered == at(1026));
}

// ---- whole algorithms --------------------------------------------------------------------------

auto as_tuple(const RoundRecord& r) {
  return std::make_tuple(r.round.node, r.round.round, r.round.begin, r.round.trained, r.round.end,
                         r.round.training_loss, r.round.mixing.mixed, r.round.mixing.staleness_sum,
                         r.round.mixing.missed, r.uplink.queued, r.uplink.passed, r.uplink.dropped,
                         r.uplink.passed_bytes, r.downlink.passed, r.downlink.passed_bytes);
}
auto as_tuple(const EvaluationRow& e) {
  return std::make_tuple(e.time, e.node, e.round, e.result.accuracy, e.result.loss);
}
auto as_tuple(const LinkRow& l) {
  return std::make_tuple(l.kind, l.from, l.to, l.rate, l.accepted.bytes, l.passed.messages, l.passed.bytes, l.busy,
                         l.longest_queue, l.dropped.messages, l.dropped.bytes, l.lost.bytes, l.under_way.bytes);
}
template <class Row>
bool same(const std::vector<Row>& a, const std::vector<Row>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Row& x, const Row& y) { return as_tuple(x) == as_tuple(y); });
}

TEST_CASE("every algorithm gives the same rows on 1, 2 and 4 threads, and twice") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(400);
    RunPlan plan = plan_of(kind, 12, milliseconds(100), seconds(3));
    plan.evaluations = {Time{}, seconds(1), seconds(3)};
    MemorySink reference;
    execute(plan, learner, reference, 1);
    CHECK(reference.rounds.size() > 24);
    CHECK(reference.evaluations.size() == 3 * tested_models(plan));
    for (const unsigned workers : {1U, 2U, 4U}) {
      MemorySink again;
      execute(plan, learner, again, workers);
      CHECK(same(reference.rounds, again.rounds));
      CHECK(same(reference.of_servers, again.of_servers));
      CHECK(same(reference.evaluations, again.evaluations));
      CHECK(same(reference.links, again.links));
    }
  }
}

TEST_CASE("every algorithm runs where nothing is learned, at the pace at which it would run with values") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    const RunPlan plan = plan_of(kind, 8, milliseconds(100), seconds(3));
    CountingLearner learner(400);
    MemorySink with_values;
    execute(plan, learner, with_values);
    NullLearner nothing(400);
    MemorySink without;
    execute(plan, nothing, without);
    // The size of encoded values varies.
    CHECK(static_cast<double>(without.rounds.size()) ==
          doctest::Approx(static_cast<double>(with_values.rounds.size())).epsilon(0.1));
  }
}

TEST_CASE("evaluations change nothing that nodes and links do") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(400);
    RunPlan plan = plan_of(kind, 8, milliseconds(100), seconds(2));
    MemorySink without;
    execute(plan, learner, without);
    // Some at the very instants at which rounds end.
    plan.evaluations = {Time{}, milliseconds(100), milliseconds(150), milliseconds(1333), seconds(2)};
    MemorySink with;
    execute(plan, learner, with, 2);
    CHECK(same(without.rounds, with.rounds));
    CHECK(same(without.links, with.links));
  }
}

TEST_CASE("messages and bytes that enter a network leave it, are dropped, or are under way") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(2000);
    const RunPlan plan = plan_of(kind, 8, milliseconds(100), seconds(2));
    MemorySink sink;
    execute(plan, learner, sink);
    std::uint64_t queued = 0, sent = 0, dropped = 0;
    Bytes up = 0, link = 0, down = 0, withdrawn = 0;
    for (const RoundRecord& record : sink.rounds) {
      queued += record.uplink.queued;
      sent += record.uplink.passed;
      dropped += record.uplink.dropped;
    }
    for (const LinkRow& row : sink.links) {
      if (row.kind == LinkRow::Kind::uplink) up += row.passed.bytes;
      if (row.kind == LinkRow::Kind::link) link += row.accepted.bytes;
      if (row.kind == LinkRow::Kind::downlink) down += row.passed.bytes;
      if (row.kind == LinkRow::Kind::downlink) withdrawn += row.dropped.bytes;
    }
    check_balance(sink.links);
    CHECK(queued >= sent + dropped);
    CHECK(down > 0);
    CHECK(up >= down);
    CHECK(link >= up);  // a link counts a message when its head leaves
    CHECK((withdrawn > 0) == (kind == "divshare"));
    const bool flushes = kind == "divshare";
    CHECK((dropped > 0) == flushes);
  }
}

TEST_CASE("a node's first round begins at its own start and rounds follow each other") {
  CountingLearner learner(50);
  RunPlan plan = plan_of("divshare", 8, milliseconds(100), seconds(1));
  MemorySink sink;
  execute(plan, learner, sink);
  std::vector<Time> previous_end(plan.nodes, kNever);
  for (const RoundRecord& record : sink.rounds) {
    const RoundRow& round = record.round;
    CHECK(round.begin == (round.round == 0 ? plan.paces[round.node].start : previous_end[round.node]));
    CHECK(round.trained == round.begin + milliseconds(100));
    CHECK(round.end == round.trained);
    previous_end[round.node] = round.end;
  }
}

TEST_CASE("local steps that would end after the run are not begun") {
  CountingLearner learner(50);
  RunPlan plan = plan_of("swift", 4, seconds(1), milliseconds(1800));
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  CHECK(outcome.finished);
  CHECK(outcome.position.now == plan.duration);
  CHECK(sink.rounds.size() == 4);
}

TEST_CASE("a run that is told to stop leaves what it has recorded") {
  CountingLearner learner(50);
  RunPlan plan = plan_of("divshare", 12, milliseconds(100), seconds(100));
  plan.evaluations = {Time{}, seconds(1), seconds(100)};
  MemorySink sink;
  ComputePool pool(2, nullptr);
  const auto outcome = run_in_virtual_time(plan, learner, pool, sink,
                                           [](const RunPosition& position) { return position.now < Time(seconds(2)); });
  CHECK_FALSE(outcome.finished);
  CHECK(sink.evaluations.size() == 2 * 13);
  CHECK(sink.rounds.size() >= 12 * 18);
  CHECK(sink.links.size() > 24);
}

TEST_CASE("a run that is told to stop does not wait for the end of local rounds") {
  class EndlessLearner final : public CountingLearner {
   public:
    using CountingLearner::CountingLearner;
    LocalResult train(unsigned, LocalState&, Values&, const LocalWork&) override {
      began = true;
      while (!is_abandoned()) std::this_thread::yield();
      return {};
    }
    std::atomic<bool> began{false};
  };
  EndlessLearner learner(50);
  const RunPlan plan = plan_of("divshare", 12, milliseconds(100), seconds(100));
  MemorySink sink;
  ComputePool pool(2, nullptr);
  const auto outcome =
      run_in_virtual_time(plan, learner, pool, sink, [&](const RunPosition&) { return !learner.began; });
  CHECK_FALSE(outcome.finished);
  CHECK(sink.rounds.empty());
}

TEST_CASE("a computation that fails ends the run with its own message and keeps the rows") {
  FailingLearner learner(50);
  const RunPlan plan = plan_of("divshare", 12, milliseconds(100), seconds(10));
  MemorySink sink;
  CHECK_THROWS_WITH(execute(plan, learner, sink), "out of paper");
  CHECK(sink.rounds.size() >= 12);
}

TEST_CASE("a protocol that throws stops the run instead of going on without a node") {
  CountingLearner learner(50);
  RunPlan plan = plan_of(2, seconds(1), seconds(10));
  plan.protocols = [](const FragmentInfo&) { return std::make_unique<BrokenProtocol>(); };
  MemorySink sink;
  CHECK_THROWS_WITH(execute(plan, learner, sink), "broken invariant");
}

TEST_CASE("the averaged model is the mean of the nodes' models") {
  CountingLearner learner(10);
  RunPlan plan = plan_of("swift", 5, milliseconds(100), seconds(1));
  plan.evaluations = {milliseconds(950)};
  MemorySink sink;
  execute(plan, learner, sink);
  REQUIRE(sink.evaluations.size() == 6);
  double sum = 0;
  for (NodeId node = 0; node < 5; ++node) sum += sink.evaluations[node].result.accuracy;
  CHECK(sink.evaluations[5].node == kAveragedModel);
  CHECK(sink.evaluations[5].result.accuracy == doctest::Approx(sum / 5));
}

/// Counts tests of models that are no node's own.
TEST_CASE(
    "behind its training rounds a node has rounds without local steps, which take the network's time, and rests") {
  CountingLearner learner(10);
  RunPlan plan = plan_of("d-psgd", 4, milliseconds(100), seconds(20));
  plan.round_limits = {Round{3}, 2};
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  CHECK(outcome.finished);
  REQUIRE(sink.rounds.size() == 4 * 5);
  double waited = 0;
  for (const RoundRecord& record : sink.rounds) {
    const RoundRow& round = record.round;
    CHECK(round.steps == (round.round < 3 ? 1 : 0));
    CHECK((round.trained == round.begin) == (round.round >= 3));
    CHECK(round.mixing.mixed == 2);
    waited += to_seconds(round.end - round.trained);
  }
  CHECK(waited > 0);
  CHECK(outcome.position.steps == 4 * 3);
}

class ObservedLearner final : public CountingLearner {
 public:
  using CountingLearner::CountingLearner;
  std::unique_ptr<LocalState> local_state(NodeId node) const override {
    CHECK(node < 4);  // a server has none
    return CountingLearner::local_state(node);
  }
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override {
    if (!node) ++without_node;
    return CountingLearner::evaluate(worker, model, node);
  }
  std::atomic<int> without_node{0};
};

TEST_CASE("a server trains nothing, is tested as such and is in no mean, and its rounds are its updates") {
  ObservedLearner learner(10);
  RunPlan plan = plan_of("async-local-sgd", 4, milliseconds(100), seconds(1));
  REQUIRE(plan.nodes == 5);
  plan.evaluations = {milliseconds(950)};
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  REQUIRE(sink.evaluations.size() == 6);
  double sum = 0;
  for (NodeId node = 0; node < 4; ++node) {
    CHECK(sink.evaluations[node].node == node);
    sum += sink.evaluations[node].result.accuracy;
  }
  CHECK(sink.evaluations[4].node == kServerModel);
  CHECK(sink.evaluations[5].node == kAveragedModel);
  CHECK(sink.evaluations[5].result.accuracy == doctest::Approx(sum / 4));
  CHECK(learner.without_node == 2);  // the server's and the averaged model

  CHECK(outcome.position.rounds >= sink.rounds.size());
  REQUIRE(sink.of_servers.size() > 4);
  Bytes sent = 0;
  for (std::size_t i = 0; i < sink.of_servers.size(); ++i) {
    const RoundRecord& record = sink.of_servers[i];
    CHECK(record.round.node == 4);
    CHECK(record.round.round == i);
    CHECK(record.round.steps == 0);
    CHECK(record.round.trained == record.round.begin);
    if (i > 0) CHECK(record.round.begin == sink.of_servers[i - 1].round.end);
    CHECK(record.round.mixing.mixed == 1);
    sent += record.uplink.passed_bytes;
  }
  CHECK(sent > 0);
  for (const RoundRecord& record : sink.rounds) CHECK(record.round.node < 4);
}

}  // namespace
}  // namespace tardigrad
