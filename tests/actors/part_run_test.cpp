#include "actors/part_run.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "small_runs.hpp"
#include "wild_plan.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;

/// Parts in one process, a thread each.
class Switchboard {
 public:
  explicit Switchboard(PartId parts) : boxes_(parts) {}

  class Line final : public PartChannel {
   public:
    Line(Switchboard& board, PartId self) : board_(board), self_(self) {}

    void send(PartId to, WireBytes bytes) override {
      Box& box = board_.boxes_[to];
      const std::lock_guard lock(box.mutex);
      box.frames.push_back({self_, std::move(bytes)});
      box.filled.notify_one();
    }
    std::optional<PartFrame> receive(milliseconds most) override {
      Box& box = board_.boxes_[self_];
      std::unique_lock lock(box.mutex);
      box.filled.wait_for(lock, most, [&] { return !box.frames.empty(); });
      if (box.frames.empty()) return std::nullopt;
      PartFrame frame = std::move(box.frames.front());
      box.frames.pop_front();
      return frame;
    }

   private:
    Switchboard& board_;
    PartId self_;
  };

 private:
  struct Box {
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<PartFrame> frames;
  };
  std::deque<Box> boxes_;
};

Placement blocks(NodeId nodes, PartId hosts, PartId self) {
  Placement placement;
  placement.self = self;
  placement.parts = hosts + 1;
  for (NodeId node = 0; node < nodes; ++node) placement.part_of.push_back(1 + node * hosts / nodes);
  return placement;
}

RunOutcome run_spread(const RunPlan& plan, Learner& learner, MemorySink& sink, PartId hosts, bool real = false) {
  Switchboard board(hosts + 1);
  std::vector<std::thread> threads;
  const auto work = [&](PartId self, const auto& act) {
    ComputePool pool(1, nullptr);
    Switchboard::Line line(board, self);
    PartTools tools{plan, learner, pool, line, blocks(plan.nodes, hosts, self)};
    tools.placement.lookahead = lookahead_of(plan, tools.placement);
    REQUIRE(tools.placement.lookahead > Time{});
    act(tools);
  };
  for (PartId host = 1; host <= hosts; ++host) {
    threads.emplace_back([&, host] {
      work(host, [&](const PartTools& tools) { real ? host_in_real_time(tools) : host_in_virtual_time(tools); });
    });
  }
  RunOutcome outcome;
  std::exception_ptr failure;
  work(0, [&](const PartTools& tools) {
    try {
      const auto coordinate = real ? coordinate_in_real_time : coordinate_in_virtual_time;
      outcome = coordinate(tools, sink, [](const RunPosition&) { return true; });
    } catch (...) {
      failure = std::current_exception();
    }
  });
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  return outcome;
}

auto as_tuple(const RoundRecord& r) {
  return std::make_tuple(r.round.node, r.round.round, r.round.begin, r.round.trained, r.round.end,
                         r.round.training_loss, r.round.mixed, r.round.staleness_sum, r.round.missed, r.uplink.queued,
                         r.uplink.passed, r.uplink.dropped, r.uplink.passed_bytes, r.downlink.passed,
                         r.downlink.passed_bytes);
}
auto as_tuple(const EvaluationRow& e) {
  return std::make_tuple(e.time, e.node, e.round, e.result.accuracy, e.result.loss);
}
auto as_tuple(const LinkRow& l) {
  return std::make_tuple(l.kind, l.from, l.to, l.accepted.bytes, l.passed.messages, l.passed.bytes, l.dropped.bytes,
                         l.absent.bytes, l.lost.bytes, l.under_way.bytes, l.busy, l.longest_queue);
}

template <class Row>
void check_same(const std::vector<Row>& a, const std::vector<Row>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO("row " << i << " of " << std::string(typeid(Row).name()));
    CHECK(as_tuple(a[i]) == as_tuple(b[i]));
  }
}

}  // namespace

TEST_CASE("a run over 1, 2 and 3 hosts gives the rows of the run in one process, for every algorithm and sharing") {
  for (const std::string& kind : kinds()) {
    for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
      INFO(kind << std::string(sharing == Sharing::fair ? ", fair" : ", serial"));
      RunPlan plan = plan_of(kind, 8, milliseconds(50), milliseconds(900));
      plan.network.sharing = sharing;
      plan.evaluations = {Time{}, milliseconds(250), milliseconds(500), plan.duration};
      CountingLearner learner(100);
      MemorySink reference;
      ComputePool pool(2, nullptr);
      const auto whole = run_in_virtual_time(plan, learner, pool, reference, [](const RunPosition&) { return true; });
      REQUIRE(reference.rounds.size() > 8);
      for (const PartId hosts : {1U, 2U, 3U}) {
        INFO(hosts << " hosts");
        MemorySink spread;
        const RunOutcome outcome = run_spread(plan, learner, spread, hosts);
        CHECK(outcome.finished);
        CHECK(outcome.position.now == whole.position.now);
        CHECK(outcome.position.rounds == whole.position.rounds);
        check_same(reference.rounds, spread.rounds);
        check_same(reference.evaluations, spread.evaluations);
        check_same(reference.links, spread.links);
      }
    }
  }
}

TEST_CASE("a wild network, too, gives the same rows over two hosts") {
  for (const std::string& kind : kinds()) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      INFO(kind << ", seed " << seed);
      RunPlan plan = wild_plan(kind, seed);
      CountingLearner learner(500);
      MemorySink reference, spread;
      ComputePool pool(2, nullptr);
      const auto whole = run_in_virtual_time(plan, learner, pool, reference, [](const RunPosition&) { return true; });
      const RunOutcome outcome = run_spread(plan, learner, spread, 2);
      CHECK(outcome.finished == whole.finished);
      CHECK(outcome.stands_still == whole.stands_still);
      check_same(reference.rounds, spread.rounds);
      check_same(reference.evaluations, spread.evaluations);
      check_same(reference.links, spread.links);
    }
  }
}

TEST_CASE("a computation that fails on a host fails the run, and what was recorded is kept") {
  RunPlan plan = plan_of("divshare", 8, milliseconds(50), milliseconds(5000));
  plan.evaluations = {Time{}, milliseconds(100), plan.duration};
  FailingLearner learner(500);
  MemorySink sink;
  CHECK_THROWS_WITH(run_spread(plan, learner, sink, 2), "out of paper");
  CHECK(sink.evaluations.size() >= 9);
  check_balance(sink.links);
}

TEST_CASE("real time: a run over two hosts leaves complete rows and evaluations") {
  CountingLearner learner(500);
  RunPlan plan = plan_of("divshare", 8, milliseconds(50), milliseconds(600));
  plan.evaluations = {Time{}, plan.duration};
  MemorySink sink;
  CHECK(run_spread(plan, learner, sink, 2, true).finished);
  CHECK(sink.rounds.size() > 16);
  CHECK(sink.evaluations.size() == 18);
  check_balance(sink.links);
  std::uint64_t mixed = 0;
  for (const RoundRecord& record : sink.rounds) mixed += record.round.mixed;
  CHECK(mixed > 0);
}

}  // namespace tardigrad
