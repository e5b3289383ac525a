// Runs under the real clock: by a time that the test drives, where everything is exact, and some by the
// machine's own time, with all its threads, where only facts that hold on any machine can be checked.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "actors/run/run.hpp"
#include "runtime/clock/system_time.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/runtime/driven_time.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using KeepGoing = std::function<bool(const RunPosition&)>;
const KeepGoing always = [](const RunPosition&) { return true; };

/// Driven time, with so many workers.
struct Driven {
  explicit Driven(unsigned workers = 2) : pool(time, workers) {}

  test::DrivenTime time;
  test::DrivenPool pool;
};
/// The machine's.
struct Real {
  SystemTime time;
  ComputePool pool{2, nullptr};
};

template <class Machine>
RunOutcome execute(Machine&& machine, const RunPlan& plan, Learner& learner, RecordSink& sink,
                   const KeepGoing& keep_going = always) {
  return run_in_real_time(plan, learner, machine.pool, sink, keep_going, machine.time);
}

/// Takes `really` to train a round.
class SlowLearner final : public CountingLearner {
 public:
  SlowLearner(Driven& machine, std::int64_t parameters, milliseconds really)
      : CountingLearner(parameters), machine_(machine), really_(really) {}

  LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work) override {
    machine_.pool.spend(really_);
    return CountingLearner::train(worker, state, model, work);
  }

 private:
  Driven& machine_;
  milliseconds really_;
};

class Silent : public FragmentProtocol {
  void on_trained(LocalRound local, Actions& actions) override { actions.start_round(std::move(local.values)); }
  void on_message(const ProtocolMessage&, Actions&) override {}
  void persist(StateArchive&) override {}
};

RunPlan silent_plan(NodeId nodes, Time round, Time duration) {
  RunPlan plan = plan_of(nodes, round, duration);
  plan.protocols = [](const FragmentInfo&) { return std::make_unique<Silent>(); };
  return plan;
}

TEST_CASE("real time: rounds take their emulated duration, one after the other, to the picosecond") {
  CountingLearner learner(50);
  const RunPlan plan = silent_plan(3, milliseconds(100), milliseconds(1500));
  MemorySink sink;
  const RunOutcome outcome = execute(Driven(), plan, learner, sink);
  CHECK(outcome.finished);
  CHECK(outcome.position.now == plan.duration);
  CHECK(outcome.slow_nodes.empty());
  CHECK(sink.rounds.size() == 3 * 15);
  for (const RoundRecord& record : sink.rounds) {
    CHECK(record.round.begin == milliseconds(100) * record.round.round);
    CHECK(record.round.trained == record.round.begin + milliseconds(100));
    CHECK(record.round.end == record.round.trained);
  }
}

TEST_CASE("real time: nodes that train longer than emulated are named, and their rounds are as long as they were") {
  Driven machine;
  SlowLearner learner(machine, 50, milliseconds(60));
  RunPlan plan = silent_plan(2, milliseconds(20), milliseconds(1500));
  plan.paces[1].slowdown = 1000;  // has all the time in the world: its first round ends after the run
  MemorySink sink;
  const RunOutcome outcome = execute(machine, plan, learner, sink);
  REQUIRE(outcome.slow_nodes.size() == 1);
  CHECK(outcome.slow_nodes[0].node == 0);
  CHECK(outcome.slow_nodes[0].rounds == 25);
  CHECK(outcome.slow_nodes[0].worst_ratio == doctest::Approx(3));
  CHECK(sink.rounds.size() == 25);
  for (const RoundRecord& record : sink.rounds) {
    CHECK(record.round.begin == milliseconds(60) * record.round.round);
    CHECK(record.round.trained == record.round.begin + milliseconds(60));
  }
}

TEST_CASE("real time: nodes that wait for a worker are named, too, as long as they wait") {
  Driven machine(1);
  SlowLearner learner(machine, 50, milliseconds(10));
  const RunPlan plan = silent_plan(3, milliseconds(20), milliseconds(65));
  MemorySink sink;
  const RunOutcome outcome = execute(machine, plan, learner, sink);
  // Three rounds of 10 ms do not fit into 20: the last one is late.
  REQUIRE(outcome.slow_nodes.size() >= 1);
  CHECK(outcome.slow_nodes.back().node == 2);
  CHECK(outcome.slow_nodes.back().worst_ratio == doctest::Approx(1.5));
}

TEST_CASE("real time: training that does not end within the run is reported as too slow") {
  Driven machine;
  SlowLearner learner(machine, 50, milliseconds(400));
  const RunPlan plan = silent_plan(1, milliseconds(50), milliseconds(150));
  MemorySink sink;
  const RunOutcome outcome = execute(machine, plan, learner, sink);
  CHECK(sink.rounds.empty());
  REQUIRE(outcome.slow_nodes.size() == 1);
  CHECK(outcome.slow_nodes[0].rounds == 1);
  CHECK(outcome.slow_nodes[0].worst_ratio == doctest::Approx(3));
}

/// Rounds follow each other, none is left out, and the accounts of their messages agree with those of the links.
void check_rows(const RunPlan& plan, const MemorySink& sink) {
  std::map<NodeId, Round> next;
  std::map<NodeId, Time> previous_end;
  std::map<NodeId, std::uint64_t> in_rounds;
  for (NodeId node = 0; node < plan.nodes; ++node) previous_end[node] = plan.paces[node].start;
  for (const RoundRecord& record : sink.rounds) {
    const RoundRow& round = record.round;
    CHECK(round.round == next[round.node]++);
    // Who is not drawn for the first rounds begins later.
    CHECK((round.round == 0 ? round.begin >= previous_end[round.node] : round.begin == previous_end[round.node]));
    CHECK(round.trained >= round.begin + milliseconds(50));
    CHECK(round.end >= round.trained);
    CHECK(record.uplink.node == round.node);
    CHECK(record.downlink.round == round.round);
    previous_end[round.node] = round.end;
    in_rounds[round.node] += record.uplink.passed;
  }

  check_balance(sink.links);
  Bytes into_links = 0, down = 0;
  std::map<NodeId, LinkRow> uplinks;
  std::map<NodeId, std::uint64_t> left;
  for (const LinkRow& row : sink.links) {
    if (row.kind == LinkRow::Kind::uplink) uplinks[row.from] = row;
    // Links and downlinks report one after the other: messages under way may have arrived in between.
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

/// A round's messages take longer than the round at the slow nodes: some are flushed.
RunPlan busy_plan(const std::string& kind, Time duration) { return plan_of(kind, 8, milliseconds(50), duration); }

TEST_CASE("real time: every algorithm leaves complete rows and evaluations, and loses no message or byte") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(100);
    RunPlan plan = busy_plan(kind, milliseconds(600));
    plan.evaluations = {Time{}, milliseconds(250), plan.duration};
    MemorySink sink;
    const RunOutcome outcome = execute(Driven(), plan, learner, sink);
    CHECK(outcome.finished);
    CHECK(outcome.slow_nodes.empty());
    CHECK(sink.rounds.size() >= plan.nodes);
    check_rows(plan, sink);

    std::map<Time, std::size_t> evaluations;
    for (const EvaluationRow& row : sink.evaluations) ++evaluations[row.time];
    const std::size_t models = tested_models(plan);
    CHECK(evaluations ==
          std::map<Time, std::size_t>{{Time{}, models}, {milliseconds(250), models}, {plan.duration, models}});
  }
}

TEST_CASE("real time: every algorithm leaves complete rows where nothing shapes the traffic, too") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(100);
    RunPlan plan = busy_plan(kind, milliseconds(600));
    plan.network.access.assign(plan.nodes, both_ways(kUnlimited.value));
    plan.network.link = same_link({Latency(), {}, std::nullopt});
    MemorySink sink;
    CHECK(execute(Driven(), plan, learner, sink).finished);
    CHECK(sink.rounds.size() >= plan.nodes);
    check_rows(plan, sink);
  }
}

TEST_CASE("real time: where the machine keeps up, a run has the rounds of virtual time") {
  const auto as_tuple = [](const RoundRecord& record) {
    const RoundRow& round = record.round;
    return std::make_tuple(round.node, round.round, round.begin, round.trained, round.end, round.mixing.mixed,
                           round.training_loss, record.uplink.passed, record.downlink.passed);
  };
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(100);
    const RunPlan plan = busy_plan(kind, milliseconds(600));
    MemorySink in_real, in_virtual;
    execute(Driven(), plan, learner, in_real);
    ComputePool pool(1, nullptr);
    run_in_virtual_time(plan, learner, pool, in_virtual, always);
    REQUIRE(in_real.rounds.size() == in_virtual.rounds.size());
    for (std::size_t i = 0; i < in_real.rounds.size(); ++i) {
      CHECK(as_tuple(in_real.rounds[i]) == as_tuple(in_virtual.rounds[i]));
    }
  }
}

/// Messages that are about to be through when the next round flushes them.
RunPlan flushing_plan(Time duration) {
  RunPlan plan = plan_of("divshare", 8, milliseconds(7), duration);
  plan.network.link = same_link({Latency(), {}, std::nullopt});
  plan.network.access.assign(8, rates(2e5, 1e9));
  return plan;
}

/// Some messages may be received though their senders count them as flushed, or have not been told yet that they left.
void check_flushes(const MemorySink& sink, std::size_t most_of_both) {
  std::uint64_t up = 0, down = 0, flushed = 0;
  for (const LinkRow& row : sink.links) {
    if (row.kind == LinkRow::Kind::uplink) up += row.passed.messages;
    if (row.kind == LinkRow::Kind::uplink) flushed += row.dropped.messages;
    if (row.kind == LinkRow::Kind::downlink) down += row.passed.messages;
  }
  CHECK(flushed > 0);
  CHECK(down <= up + most_of_both);
}

TEST_CASE("real time: flushed and received are never the same message, however short the way") {
  CountingLearner learner(100);
  const RunPlan plan = flushing_plan(milliseconds(600));
  MemorySink sink;
  execute(Driven(), plan, learner, sink);
  check_flushes(sink, plan.nodes);
}

/// Sends three messages a round to node 1, with the fragments' turns mixed, and records arrivals.
class InTurns final : public FragmentProtocol {
 public:
  InTurns(NodeId self, FragmentId fragment, std::mutex& mutex, std::vector<std::uint64_t>& arrivals)
      : self_(self), fragment_(fragment), mutex_(mutex), arrivals_(arrivals) {}

  void on_trained(LocalRound local, Actions& actions) override {
    // The later fragments are the sooner in turn; the first to speak is the last to be served.
    for (std::uint8_t i = 0; self_ == 0 && local.round == 0 && i < 3; ++i) {
      const std::uint64_t turn = 10 * i + (9 - fragment_);
      actions.send({1, static_cast<std::uint8_t>(turn), local.round, local.values, turn});
    }
    actions.start_round(std::move(local.values));
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

/// Runs two nodes of ten fragments under the real clock until `goes_on` returns false for the arrivals so far.
template <class Machine>
void play_in_turns(Machine&& machine, const std::function<bool(const std::vector<std::uint64_t>& arrivals)>& goes_on,
                   std::vector<std::uint64_t>& arrivals) {
  CountingLearner learner(1000);
  RunPlan plan = plan_of(2, milliseconds(30), seconds(100));
  plan.fragments = 10;
  plan.network.access[0].uplink = BitsPerSecond{1e5};
  std::mutex mutex;
  plan.protocols = [&](const FragmentInfo& info) {
    return std::make_unique<InTurns>(info.node, info.fragment, mutex, arrivals);
  };
  MemorySink sink;
  execute(machine, plan, learner, sink, [&](const RunPosition&) {
    const std::lock_guard lock(mutex);
    return goes_on(arrivals);
  });
}

TEST_CASE("real time: a round's messages go in turn though its fragments speak one after the other") {
  std::vector<std::uint64_t> arrivals;
  play_in_turns(
      Driven(), [](const auto& so_far) { return so_far.size() < 30; }, arrivals);
  REQUIRE(arrivals.size() == 30);
  for (std::size_t i = 0; i < arrivals.size(); ++i) CHECK(arrivals[i] == i);
}

TEST_CASE("real time: evaluations that take longer than the time between them are late or left out, the last is not") {
  class Judge final : public CountingLearner {
   public:
    Judge(Driven& machine, std::int64_t parameters) : CountingLearner(parameters), machine_(machine) {}
    Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override {
      machine_.pool.spend(milliseconds(15));
      return CountingLearner::evaluate(worker, model, node);
    }

   private:
    Driven& machine_;
  };
  Driven machine(1);
  Judge learner(machine, 50);
  RunPlan plan = silent_plan(4, milliseconds(40), milliseconds(310));
  for (Time time{}; time <= plan.duration; time += milliseconds(10)) plan.evaluations.push_back(time);
  MemorySink sink;
  CHECK(execute(machine, plan, learner, sink).finished);
  // Four nodes' models and their mean take 75 ms.
  std::map<Time, std::size_t> evaluations;
  for (const EvaluationRow& row : sink.evaluations) ++evaluations[row.time];
  std::map<Time, std::size_t> expected;
  for (const int at : {0, 75, 150, 225, 300, 310}) expected[milliseconds(at)] = 5;
  CHECK(evaluations == expected);
  CHECK(machine.time.now() >= milliseconds(375 + 75));  // the last one began when the one before was done
  CHECK(std::is_sorted(sink.evaluations.begin(), sink.evaluations.end(),
                       [](const auto& a, const auto& b) { return a.time < b.time; }));
}

TEST_CASE("real time: a run that is told to stop leaves what it has recorded, at once") {
  CountingLearner learner(50);
  RunPlan plan = plan_of("divshare", 8, milliseconds(20), std::chrono::hours(1));
  plan.evaluations = {Time{}, plan.duration};
  MemorySink sink;
  Driven machine;
  const auto outcome = execute(machine, plan, learner, sink,
                               [&](const RunPosition& position) { return position.now < Time(milliseconds(200)); });
  CHECK_FALSE(outcome.finished);
  CHECK(outcome.position.now == milliseconds(200));
  CHECK(sink.evaluations.size() == 9);
  CHECK(sink.rounds.size() == outcome.position.rounds);
  CHECK(sink.rounds.size() >= 8 * 9);
  CHECK(sink.links.size() > 12);
  CHECK(machine.time.now() < milliseconds(210));
}

TEST_CASE("real time: a run may be stopped while all its nodes train") {
  Driven machine;
  SlowLearner learner(machine, 50, milliseconds(100));
  const RunPlan plan = silent_plan(8, seconds(100), seconds(1000));
  MemorySink sink;
  const auto outcome = execute(machine, plan, learner, sink,
                               [](const RunPosition& position) { return position.now < Time(milliseconds(60)); });
  CHECK_FALSE(outcome.finished);
  CHECK(sink.rounds.empty());
  CHECK(sink.links.size() == 16);
}

template <class Machine>
void check_failing_computation(Machine&& machine) {
  FailingLearner learner(50);
  const RunPlan plan = plan_of("divshare", 8, milliseconds(20), seconds(1000));
  MemorySink sink;
  CHECK_THROWS_WITH(execute(machine, plan, learner, sink), "out of paper");
  CHECK(sink.rounds.size() >= 8);
}

template <class Machine>
void check_broken_fragment(Machine&& machine) {
  CountingLearner learner(50);
  RunPlan plan = plan_of(2, milliseconds(20), seconds(1000));
  plan.protocols = [](const FragmentInfo&) { return std::make_unique<BrokenProtocol>(); };
  MemorySink sink;
  CHECK_THROWS_WITH(execute(machine, plan, learner, sink), "broken invariant");
  CHECK(sink.links.size() == 4);
}

template <class Machine>
void check_full_sink(Machine&& machine) {
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
  CHECK_THROWS_WITH(execute(machine, plan, learner, sink), "disk full");
}

TEST_CASE("real time: a computation that fails ends the run with its own message and keeps the rows") {
  check_failing_computation(Driven());
}

TEST_CASE("real time: a fragment that breaks down ends the run, and nobody is left behind") {
  check_broken_fragment(Driven());
}

TEST_CASE("real time: a sink that throws ends the run") { check_full_sink(Driven()); }

TEST_SUITE_BEGIN("slow");

TEST_CASE("the machine's time: every algorithm leaves complete rows, and loses no message or byte") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    CountingLearner learner(100);
    const RunPlan plan = busy_plan(kind, std::chrono::hours(1));
    MemorySink sink;
    execute(Real(), plan, learner, sink, [&](const RunPosition& position) { return position.rounds < 4 * plan.nodes; });
    CHECK(sink.rounds.size() >= plan.nodes);
    check_rows(plan, sink);
  }
}

TEST_CASE("the machine's time: at most the message in service is both flushed and received, however short the way") {
  CountingLearner learner(100);
  const RunPlan plan = flushing_plan(std::chrono::hours(1));
  MemorySink sink;
  execute(Real(), plan, learner, sink, [](const RunPosition& position) { return position.rounds < 400; });
  // A flush withdraws the message in service. Where it takes no time to arrive, a busy machine may have delivered it by
  // the time at which the receiver hears of that: one a round.
  check_flushes(sink, plan.nodes + sink.rounds.size());
}

TEST_CASE("the machine's time: a round's messages go in turn though its fragments speak one after the other") {
  std::vector<std::uint64_t> arrivals;
  play_in_turns(
      Real(), [](const auto& so_far) { return so_far.size() < 10; }, arrivals);
  REQUIRE(arrivals.size() >= 10);
  std::sort(arrivals.begin(), arrivals.end());  // fragments are actors of their own
  for (std::size_t i = 0; i < arrivals.size(); ++i) CHECK(arrivals[i] == i);
}

TEST_CASE("the machine's time: a run may be stopped while all its nodes train") {
  class Busy final : public CountingLearner {
   public:
    using CountingLearner::CountingLearner;
    LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work) override {
      begun = true;
      std::this_thread::sleep_for(milliseconds(100));
      return CountingLearner::train(worker, state, model, work);
    }
    std::atomic<bool> begun{false};
  };
  Busy learner(50);
  const RunPlan plan = silent_plan(8, seconds(100), seconds(1000));
  MemorySink sink;
  CHECK_FALSE(execute(Real(), plan, learner, sink, [&](const RunPosition&) { return !learner.begun; }).finished);
  CHECK(sink.rounds.empty());
  CHECK(sink.links.size() == 16);
}

TEST_CASE("the machine's time: a computation that fails ends the run with its own message and keeps the rows") {
  check_failing_computation(Real());
}

TEST_CASE("the machine's time: a fragment that breaks down ends the run, and nobody is left behind") {
  check_broken_fragment(Real());
}

TEST_CASE("the machine's time: a sink that throws ends the run") { check_full_sink(Real()); }

TEST_SUITE_END();

}  // namespace
}  // namespace tardigrad
