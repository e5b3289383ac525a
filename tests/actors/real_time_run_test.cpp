#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "actors/run.hpp"
#include "tests/actors/small_runs.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RunOutcome execute(const RunPlan& plan, Learner& learner, RecordSink& sink, unsigned workers = 2) {
  ComputePool pool(workers, nullptr);
  return run_in_real_time(plan, learner, pool, sink, [](const RunPosition&) { return true; });
}

/// Takes `really` to train a round.
class SlowLearner final : public CountingLearner {
 public:
  SlowLearner(std::int64_t parameters, milliseconds really) : CountingLearner(parameters), really_(really) {}

  double train(unsigned worker, LocalState& state, Values& model) override {
    std::this_thread::sleep_for(really_);
    return CountingLearner::train(worker, state, model);
  }

 private:
  milliseconds really_;
};

class Silent : public FragmentProtocol {
  void on_trained(Round, SharedValues trained, Actions& actions) override { actions.start_round(std::move(trained)); }
  void on_message(const ProtocolMessage&, Actions&) override {}
  void persist(StateArchive&) override {}
};

RunPlan silent_plan(NodeId nodes, Time round, Time duration) {
  RunPlan plan = plan_of(nodes, round, duration);
  plan.protocols = [](const Seat&) { return std::make_unique<Silent>(); };
  return plan;
}

TEST_CASE("real time: rounds take their emulated duration, one after the other, to the picosecond") {
  CountingLearner learner(50);
  const RunPlan plan = silent_plan(3, milliseconds(100), milliseconds(1500));
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  CHECK(outcome.finished);
  CHECK(outcome.position.now == plan.duration);
  REQUIRE(sink.rounds.size() >= 3);
  if (!outcome.slow_nodes.empty()) return;  // this machine is too slow for this scenario right now
  for (const RoundRecord& record : sink.rounds) {
    CHECK(record.round.begin == milliseconds(100) * record.round.round);
    CHECK(record.round.trained == record.round.begin + milliseconds(100));
    CHECK(record.round.end == record.round.trained);
  }
}

TEST_CASE("real time: a run lasts as long as it says") {
  CountingLearner learner(50);
  const RunPlan plan = silent_plan(1, milliseconds(30), milliseconds(150));
  MemorySink sink;
  const auto begin = std::chrono::steady_clock::now();
  execute(plan, learner, sink);
  CHECK(std::chrono::steady_clock::now() - begin >= milliseconds(150));
}

TEST_CASE("real time: nodes that train longer than emulated are named, and their rounds are as long as they were") {
  SlowLearner learner(50, milliseconds(60));
  RunPlan plan = silent_plan(2, milliseconds(20), milliseconds(1500));
  plan.paces[1].slowdown = 1000;  // has all the time in the world: its first round ends after the run
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  REQUIRE(outcome.slow_nodes.size() == 1);
  CHECK(outcome.slow_nodes[0].node == 0);
  CHECK(outcome.slow_nodes[0].rounds >= sink.rounds.size());
  CHECK(outcome.slow_nodes[0].worst_ratio > 2);
  for (const RoundRecord& record : sink.rounds) CHECK(record.round.trained - record.round.begin >= milliseconds(59));
}

TEST_CASE("real time: training that does not end within the run is reported as too slow") {
  SlowLearner learner(50, milliseconds(400));
  const RunPlan plan = silent_plan(1, milliseconds(50), milliseconds(150));
  MemorySink sink;
  const RunOutcome outcome = execute(plan, learner, sink);
  CHECK(sink.rounds.empty());
  REQUIRE(outcome.slow_nodes.size() == 1);
  CHECK(outcome.slow_nodes[0].rounds == 1);
}

TEST_CASE("real time: every algorithm leaves complete rows and evaluations, and loses no message or byte") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(100);
    RunPlan plan = plan_of(kind, 8, milliseconds(50), milliseconds(600));
    // A round's messages take longer than the round at the slow nodes: some are flushed.
    plan.evaluations = {Time{}, milliseconds(250), plan.duration};
    MemorySink sink;
    CHECK(execute(plan, learner, sink).finished);

    std::map<NodeId, Round> next;
    std::map<NodeId, Time> previous_end;
    std::map<NodeId, std::uint64_t> in_rounds;
    for (NodeId node = 0; node < plan.nodes; ++node) previous_end[node] = plan.paces[node].start;
    for (const RoundRecord& record : sink.rounds) {
      const RoundRow& round = record.round;
      CHECK(round.round == next[round.node]++);
      CHECK(round.begin == previous_end[round.node]);
      CHECK(round.trained >= round.begin + milliseconds(50));
      CHECK(round.end >= round.trained);
      CHECK(record.uplink.node == round.node);
      CHECK(record.downlink.round == round.round);
      previous_end[round.node] = round.end;
      in_rounds[round.node] += record.uplink.passed;
    }
    CHECK(sink.rounds.size() >= plan.nodes);

    std::map<Time, std::size_t> evaluations;
    for (const EvaluationRow& row : sink.evaluations) ++evaluations[row.time];
    CHECK(evaluations.size() >= 2);
    CHECK(evaluations.rbegin()->first == plan.duration);
    for (const auto& [time, rows] : evaluations) CHECK(rows == plan.nodes + 1);

    check_balance(sink.links);
    Bytes into_links = 0, down = 0;
    std::map<NodeId, LinkRow> uplinks;
    std::map<NodeId, std::uint64_t> left;
    for (const LinkRow& row : sink.links) {
      if (row.kind == LinkRow::Kind::uplink) uplinks[row.from] = row;
      // Links and downlinks close their books one after the other: what was under way may have come in between.
      if (row.kind == LinkRow::Kind::link) into_links += row.accepted.bytes - row.dropped.bytes - row.lost.bytes;
      if (row.kind == LinkRow::Kind::link) left[row.from] += row.accepted.messages;
      if (row.kind == LinkRow::Kind::downlink) down += row.accepted.bytes;
    }
    REQUIRE(uplinks.size() == plan.nodes);
    for (const auto& [node, uplink] : uplinks) {
      CHECK(uplink.passed.messages >= in_rounds[node]);
      CHECK(left[node] >= uplink.passed.messages);
      CHECK(left[node] <= uplink.accepted.messages);
    }
    CHECK(down > 0);
    CHECK(down <= into_links);
  }
}

TEST_CASE("real time: flushed and received are never the same message, however short the way") {
  CountingLearner learner(100);
  RunPlan plan = plan_of("divshare", 8, milliseconds(7), milliseconds(600));
  plan.network.link = same_link({Latency(), {}, std::nullopt});
  // A fragment is about to be through when the next round flushes it.
  plan.network.access.assign(8, rates(2e5, 1e9));
  MemorySink sink;
  execute(plan, learner, sink);
  Bytes up = 0, down = 0, flushed = 0;
  for (const LinkRow& row : sink.links) {
    if (row.kind == LinkRow::Kind::uplink) up += row.passed.bytes;
    if (row.kind == LinkRow::Kind::uplink) flushed += row.dropped.bytes;
    if (row.kind == LinkRow::Kind::downlink) down += row.passed.bytes;
  }
  CHECK(flushed > 0);
  // One message a node may be received while its sender has not yet been told that it has left.
  CHECK(down <= up + plan.nodes * (kHeaderBytes + sizeof(float) * 100));
}

/// Sends three messages a round to node 1, the fragments' turns mixed, and notes what arrives.
class InTurns final : public FragmentProtocol {
 public:
  InTurns(NodeId self, FragmentId fragment, std::mutex& mutex, std::vector<std::uint64_t>& arrivals)
      : self_(self), fragment_(fragment), mutex_(mutex), arrivals_(arrivals) {}

  void on_trained(Round round, SharedValues trained, Actions& actions) override {
    // The later fragments are the sooner in turn; the first to speak is the last to be served.
    for (std::uint8_t i = 0; self_ == 0 && round == 0 && i < 3; ++i) {
      const std::uint64_t turn = 10 * i + (9 - fragment_);
      actions.send({1, static_cast<std::uint8_t>(turn), round, trained, turn});
    }
    actions.start_round(std::move(trained));
  }
  void on_message(const ProtocolMessage& message, Actions&) override {
    const std::lock_guard lock(mutex_);
    arrivals_.push_back(message.kind);
  }
  void persist(StateArchive&) override {}

 private:
  NodeId self_;
  FragmentId fragment_;
  std::mutex& mutex_;
  std::vector<std::uint64_t>& arrivals_;
};

TEST_CASE("real time: a round's messages go in turn though its fragments speak one after the other") {
  CountingLearner learner(1000);
  RunPlan plan = plan_of(2, milliseconds(30), milliseconds(900));
  plan.fragments = 10;
  plan.network.access[0].uplink = BitsPerSecond{1e5};
  std::mutex mutex;
  std::vector<std::uint64_t> arrivals;
  plan.protocols = [&](const Seat& seat) {
    return std::make_unique<InTurns>(seat.node, seat.fragment, mutex, arrivals);
  };
  MemorySink sink;
  execute(plan, learner, sink);
  CHECK(arrivals.size() >= 5);
  CHECK(arrivals.size() < 30);
  std::sort(arrivals.begin(), arrivals.end());  // fragments are actors of their own
  for (std::size_t i = 0; i < arrivals.size(); ++i) CHECK(arrivals[i] == i);
}

TEST_CASE("real time: evaluations that take longer than the time between them are late or left out, the last is not") {
  class Judge final : public CountingLearner {
   public:
    using CountingLearner::CountingLearner;
    Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override {
      std::this_thread::sleep_for(milliseconds(15));
      return CountingLearner::evaluate(worker, model, node);
    }
  };
  Judge learner(50);
  RunPlan plan = silent_plan(4, milliseconds(40), milliseconds(300));
  for (Time time{}; time <= plan.duration; time += milliseconds(10)) plan.evaluations.push_back(time);
  MemorySink sink;
  CHECK(execute(plan, learner, sink, 1).finished);
  REQUIRE(sink.evaluations.size() % 5 == 0);
  CHECK(sink.evaluations.size() < 5 * plan.evaluations.size());
  CHECK(sink.evaluations.back().time == plan.duration);
  CHECK(std::is_sorted(sink.evaluations.begin(), sink.evaluations.end(),
                       [](const auto& a, const auto& b) { return a.time < b.time; }));
}

TEST_CASE("real time: a run that is told to stop leaves what it has recorded, at once") {
  CountingLearner learner(50);
  RunPlan plan = plan_of("divshare", 8, milliseconds(20), std::chrono::hours(1));
  plan.evaluations = {Time{}, plan.duration};
  MemorySink sink;
  ComputePool pool(2, nullptr);
  const auto outcome = run_in_real_time(plan, learner, pool, sink, [&](const RunPosition& position) {
    return position.rounds < 30 || position.now < Time(milliseconds(200));
  });
  CHECK_FALSE(outcome.finished);
  CHECK(outcome.position.now < plan.duration);
  CHECK(sink.evaluations.size() == 9);
  CHECK(sink.rounds.size() >= 20);
  CHECK(sink.links.size() > 12);
}

TEST_CASE("real time: a run may be stopped while all its nodes train") {
  SlowLearner learner(50, milliseconds(100));
  const RunPlan plan = silent_plan(8, seconds(100), seconds(1000));
  MemorySink sink;
  const auto begin = std::chrono::steady_clock::now();
  ComputePool pool(2, nullptr);
  const auto stop = [&](const RunPosition&) { return std::chrono::steady_clock::now() - begin < milliseconds(60); };
  CHECK_FALSE(run_in_real_time(plan, learner, pool, sink, stop).finished);
  CHECK(sink.rounds.empty());
  CHECK(sink.links.size() == 16);
}

TEST_CASE("real time: a computation that fails ends the run with its own message and keeps the rows") {
  FailingLearner learner(50);
  const RunPlan plan = plan_of("divshare", 8, milliseconds(20), seconds(1000));
  MemorySink sink;
  CHECK_THROWS_WITH(execute(plan, learner, sink), "out of paper");
  CHECK(sink.rounds.size() >= 8);
}

TEST_CASE("real time: a fragment that breaks down ends the run, and nobody is left behind") {
  CountingLearner learner(50);
  RunPlan plan = plan_of(2, milliseconds(20), seconds(1000));
  plan.protocols = [](const Seat&) { return std::make_unique<BrokenProtocol>(); };
  MemorySink sink;
  CHECK_THROWS_WITH(execute(plan, learner, sink), "broken invariant");
  CHECK(sink.links.size() == 4);
}

TEST_CASE("real time: a sink that throws ends the run") {
  class Full final : public RecordSink {
    void add(const RoundRecord&) override {}
    void add(const EvaluationRow&) override { throw std::runtime_error("disk full"); }
    void add(const LinkRow&) override {}
    void commit() override {}
  };
  CountingLearner learner(50);
  RunPlan plan = plan_of("swift", 3, milliseconds(20), seconds(1000));
  plan.evaluations = {milliseconds(30), seconds(1000)};
  Full sink;
  CHECK_THROWS_WITH(execute(plan, learner, sink), "disk full");
}

}  // namespace
}  // namespace tardigrad
