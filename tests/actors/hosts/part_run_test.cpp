#include "actors/hosts/part_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <caf/make_message.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/hosts/part_outbox.hpp"
#include "actors/moments_between.hpp"
#include "actors/wire_message.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"
#include "tests/actors/wild_plan.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;

/// Parts in one process, a thread each. A part can be slow to handle frames, or die.
class Switchboard {
 public:
  explicit Switchboard(PartId parts) : boxes_(parts) {
    for (Box& box : boxes_) box.under_way = std::deque<std::atomic<std::uint64_t>>(parts);
  }

  ~Switchboard() {
    // Credits call other boxes when they are destroyed.
    for (Box& box : boxes_) std::exchange(box.frames, {});
  }

  /// Makes the part take so long for every frame.
  void slow_down(PartId part, milliseconds pause) { boxes_[part].pause = pause; }
  /// The part sends and receives nothing any more, and the others are told.
  void kill(PartId part) {
    if (boxes_[part].dead.exchange(true)) return;
    for (PartId other = 0; other < boxes_.size(); ++other) {
      if (other != part) put(other, {part, {}, 0, nullptr, false}, true);
    }
  }
  /// Sends a frame in a part's name.
  void forge(PartId from, PartId to, ByteWriter content) {
    WireBytes bytes(sizeof(std::uint32_t));  // what Line::begin writes
    const WireBytes said = content.take();
    bytes.insert(bytes.end(), said.begin(), said.end());
    put(to, {from, std::move(bytes), sizeof(std::uint32_t), nullptr, false});
  }
  /// The greatest number of bytes that were under way to a part from one other.
  std::uint64_t most_under_way(PartId to) const { return boxes_[to].most; }

  class Line final : public PartChannel {
   public:
    Line(Switchboard& board, PartId self) : board_(board), self_(self) {}

    /// Writes something in front, as channels may do.
    void begin(ByteWriter& frame) const override { frame.put(std::uint32_t{7}); }
    void send(PartId to, WireBytes bytes) override {
      Box& box = board_.boxes_[to];
      if (board_.boxes_[self_].dead || box.dead) return;
      const std::uint64_t size = bytes.size();
      const std::uint64_t under_way = box.under_way[self_] += size;
      for (std::uint64_t most = box.most; under_way > most && !box.most.compare_exchange_weak(most, under_way);) {
      }
      std::shared_ptr<void> credit(this, [&board = board_, self = self_, to, size](void*) {
        board.boxes_[to].under_way[self] -= size;
        board.put(self, {to, {}, 0, nullptr, true});
      });
      board_.put(to, {self_, std::move(bytes), sizeof(std::uint32_t), std::move(credit)});
    }
    std::uint64_t under_way(PartId to) const override {
      const Box& box = board_.boxes_[to];
      return box.dead ? 0 : box.under_way[self_].load();
    }
    std::optional<PartFrame> receive(milliseconds most) override {
      Box& box = board_.boxes_[self_];
      if (box.dead) throw PartLost("dead");
      std::this_thread::sleep_for(box.pause.load());
      std::unique_lock lock(box.mutex);
      box.filled.wait_for(lock, most, [&] { return !box.frames.empty(); });
      if (box.frames.empty()) return std::nullopt;
      auto [frame, is_death] = std::move(box.frames.front());
      box.frames.pop_front();
      if (is_death) throw PartLost(frame.from, "host " + std::to_string(frame.from) + " is gone: killed");
      return std::move(frame);
    }

   private:
    Switchboard& board_;
    PartId self_;
  };

 private:
  void put(PartId to, PartFrame frame, bool is_death = false) {
    Box& box = boxes_[to];
    const std::lock_guard lock(box.mutex);
    box.frames.emplace_back(std::move(frame), is_death);
    box.filled.notify_one();
  }

  struct Box {
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<std::pair<PartFrame, bool>> frames;     ///< and whether it stands for a death
    std::deque<std::atomic<std::uint64_t>> under_way;  ///< by sender
    std::atomic<std::uint64_t> most{0};
    std::atomic<milliseconds> pause{milliseconds(0)};
    std::atomic<bool> dead{false};
  };
  std::deque<Box> boxes_;
};

/// Servers live at the last host.
Placement blocks(const RunPlan& plan, PartId hosts, PartId self) {
  Placement placement;
  placement.self = self;
  placement.parts = hosts + 1;
  const NodeId workers = plan.workers();
  for (NodeId node = 0; node < workers; ++node) placement.part_of.push_back(1 + node * hosts / workers);
  placement.part_of.resize(plan.nodes, hosts);
  return placement;
}

/// Differences from the simplest case.
struct Circumstances {
  bool real = false;
  bool survives_loss = false;
  std::function<void(Switchboard&)> at_start = [](Switchboard&) {};
  std::function<bool(const RunPosition&, Switchboard&)> keep_going = [](const RunPosition&, Switchboard&) {
    return true;
  };
  std::function<void()> at_end = [] {};
  /// Called when a host leaves the run, with the reason.
  std::function<void(PartId, const std::string&, Switchboard&)> host_left = [](PartId, const std::string&,
                                                                               Switchboard&) {};
  /// Called for invalid messages of others.
  std::function<void(const std::string&)> on_refusal = [](const std::string& line) { CHECK_MESSAGE(false, line); };
};

RunOutcome run_spread(const RunPlan& plan, Learner& learner, MemorySink& sink, PartId hosts,
                      const Circumstances& circumstances = {}) {
  Switchboard board(hosts + 1);
  circumstances.at_start(board);
  const bool real = circumstances.real;
  std::vector<std::thread> threads;
  const auto work = [&](PartId self, const auto& act) {
    ComputePool pool(1, nullptr);
    Switchboard::Line line(board, self);
    PartTools tools{plan, learner, pool, line, blocks(plan, hosts, self)};
    tools.placement.lookahead = lookahead_of(plan, tools.placement);
    REQUIRE((real || tools.placement.lookahead > Time{}));
    if (circumstances.survives_loss) tools.on_loss = [](const LostHost&) {};
    tools.on_refusal = circumstances.on_refusal;
    act(tools);
  };
  for (PartId host = 1; host <= hosts; ++host) {
    threads.emplace_back([&, host] {
      work(host, [&](const PartTools& tools) {
        try {
          if (real) host_in_real_time(tools);
          if (!real) host_in_virtual_time(tools);
        } catch (const PartLost& lost) {
          circumstances.host_left(host, lost.what(), board);
        }
      });
    });
  }
  RunOutcome outcome;
  std::exception_ptr failure;
  work(0, [&](const PartTools& tools) {
    try {
      const auto coordinate = real ? coordinate_in_real_time : coordinate_in_virtual_time;
      outcome = coordinate(tools, sink,
                           [&](const RunPosition& position) { return circumstances.keep_going(position, board); });
    } catch (...) {
      failure = std::current_exception();
    }
  });
  circumstances.at_end();
  if (!outcome.finished) {
    for (PartId host = 1; host <= hosts; ++host) board.kill(host);  // for them the coordinator is gone
  }
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
  return outcome;
}

auto as_tuple(const Hop& h) {
  return std::make_tuple(h.place, h.fate, h.peer, h.fragment, h.round, h.size, h.number, h.begin, h.end);
}
auto as_tuples(const Hops& hops) {
  std::vector<decltype(as_tuple(Hop{}))> out;
  if (hops)
    std::transform(hops->begin(), hops->end(), std::back_inserter(out), [](const Hop& h) { return as_tuple(h); });
  return out;
}
auto as_tuple(const RoundRecord& r) {
  return std::make_tuple(r.round.node, r.round.round, r.round.begin, r.round.trained, r.round.end,
                         r.round.training_loss, r.round.mixing.mixed, r.round.mixing.staleness_sum,
                         r.round.mixing.missed, r.uplink.queued, r.uplink.passed, r.uplink.dropped,
                         r.uplink.passed_bytes, r.downlink.passed, r.downlink.passed_bytes, as_tuples(r.uplink.hops),
                         as_tuples(r.downlink.hops));
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
      plan.moments_between = moments_between(plan.evaluations);
      CountingLearner learner(100);
      MemorySink reference;
      reference.look_from = milliseconds(500);
      ComputePool pool(2, nullptr);
      const auto whole = run_in_virtual_time(plan, learner, pool, reference, [](const RunPosition&) { return true; });
      REQUIRE(reference.rounds.size() > 8);
      for (const PartId hosts : {1U, 2U, 3U}) {
        INFO(hosts << " hosts");
        MemorySink spread;
        spread.look_from = reference.look_from;
        const RunOutcome outcome = run_spread(plan, learner, spread, hosts);
        CHECK(outcome.finished);
        CHECK(spread.between.size() == 9 * tested_models(plan));
        check_same(reference.between, spread.between);
        CHECK(outcome.refused == 0);
        CHECK(outcome.position.now == whole.position.now);
        CHECK(outcome.position.rounds == whole.position.rounds);
        check_same(reference.rounds, spread.rounds);
        check_same(reference.of_servers, spread.of_servers);
        check_same(reference.evaluations, spread.evaluations);
        check_same(reference.links, spread.links);
      }
    }
  }
}

TEST_CASE("a run that has enough ends at that time, over hosts as in one process, with the rows that it had by then") {
  const auto always = [](const RunPosition&) { return true; };
  for (const std::string& kind : kinds()) {
    for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
      INFO(kind << std::string(sharing == Sharing::fair ? ", fair" : ", serial"));
      const Time end = milliseconds(500);
      RunPlan plan = plan_of(kind, 8, milliseconds(50), milliseconds(900));
      plan.network.sharing = sharing;
      plan.evaluations = {Time{}, milliseconds(250), end, plan.duration};
      plan.possible_ends = plan.evaluations;
      CountingLearner learner(100);
      ComputePool pool(2, nullptr);
      MemorySink whole, reference;
      run_in_virtual_time(plan, learner, pool, whole, always);
      reference.enough_from = milliseconds(300);
      const RunOutcome ended = run_in_virtual_time(plan, learner, pool, reference, always);
      CHECK(ended.finished);
      CHECK(ended.position.now == end);
      whole.rounds.erase(std::remove_if(whole.rounds.begin(), whole.rounds.end(),
                                        [&](const RoundRecord& record) { return record.round.end > end; }),
                         whole.rounds.end());
      check_same(whole.rounds, reference.rounds);
      CHECK(reference.evaluations.size() == 3 * tested_models(plan));
      for (const PartId hosts : {1U, 3U}) {
        INFO(hosts << " hosts");
        MemorySink spread;
        spread.enough_from = reference.enough_from;
        const RunOutcome outcome = run_spread(plan, learner, spread, hosts);
        CHECK(outcome.finished);
        CHECK(outcome.refused == 0);
        CHECK(outcome.position.now == end);
        CHECK(outcome.position.events == ended.position.events);
        check_same(reference.rounds, spread.rounds);
        check_same(reference.of_servers, spread.of_servers);
        check_same(reference.evaluations, spread.evaluations);
        check_same(reference.links, spread.links);
      }
    }
  }
}

TEST_CASE("a wild network, too, gives the same rows over two hosts, those of a timeline included") {
  for (const std::string& kind : kinds()) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      INFO(kind << ", seed " << seed);
      RunPlan plan = wild_plan(kind, seed);
      plan.timeline = true;
      plan.evaluations = {Time{}, plan.duration / 3, plan.duration};
      plan.moments_between = moments_between(plan.evaluations);
      CountingLearner learner(500);
      MemorySink reference, spread;
      reference.look_from = spread.look_from = plan.evaluations[1 + seed % 2];  // the last one, too
      ComputePool pool(2, nullptr);
      const auto whole = run_in_virtual_time(plan, learner, pool, reference, [](const RunPosition&) { return true; });
      const RunOutcome outcome = run_spread(plan, learner, spread, 2);
      CHECK(outcome.finished == whole.finished);
      CHECK(outcome.stands_still == whole.stands_still);
      CHECK(outcome.refused == 0);
      check_same(reference.rounds, spread.rounds);
      check_same(reference.of_servers, spread.of_servers);
      check_same(reference.unfinished, spread.unfinished);
      check_same(reference.between, spread.between);
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

TEST_SUITE_BEGIN("slow");

TEST_CASE("real time: a run over two hosts leaves complete rows and evaluations") {
  CountingLearner learner(500);
  RunPlan plan = plan_of("divshare", 8, milliseconds(50), milliseconds(2000));
  plan.evaluations = {Time{}, plan.duration};
  MemorySink sink;
  CHECK(run_spread(plan, learner, sink, 2, {true}).finished);
  CHECK(sink.rounds.size() > 16);
  CHECK(sink.evaluations.size() == 18);
  check_balance(sink.links);
  std::uint64_t mixed = 0;
  for (const RoundRecord& record : sink.rounds) mixed += record.round.mixing.mixed;
  CHECK(mixed > 0);
}

namespace {

/// Only the hosts themselves hold messages up.
RunPlan unlimited_plan(const std::string& kind, Time round, Time duration) {
  RunPlan plan = plan_of(kind, 8, round, duration);
  plan.network.access.assign(plan.nodes, both_ways(kUnlimited.value));
  plan.network.link = same_link({Latency(Time{}), {}, std::nullopt});
  return plan;
}

}  // namespace

TEST_CASE("real time: to a slow host no more is on its way than a flow_control holds, the rest waits at its senders") {
  constexpr std::uint64_t kMostUnderWay = 16 << 20;
  for (const bool pairs_have_rates : {false, true}) {
    INFO("rates of pairs: " << pairs_have_rates);
    CountingLearner learner(200'000);
    RunPlan plan = unlimited_plan("divshare", milliseconds(5), std::chrono::hours(1));
    if (pairs_have_rates) {
      plan.network.link = same_link({Latency(Time{}), {}, RateProfile(BitsPerSecond{1e12})});
    }
    Circumstances slow{true};
    slow.at_start = [](Switchboard& board) { board.slow_down(2, milliseconds(100)); };
    MemorySink sink;
    std::uint64_t most = 0;
    std::optional<std::uint64_t> rounds_when_full;
    bool over = false;
    slow.keep_going = [&](const RunPosition& position, Switchboard& board) {
      if (!rounds_when_full && board.most_under_way(2) > kMostUnderWay / 2) rounds_when_full = position.rounds;
      if (over || !rounds_when_full || position.rounds < *rounds_when_full + 200) return true;
      // Senders have had to wait for a while. The time until the rest arrives shows nothing.
      most = board.most_under_way(2);
      board.slow_down(2, milliseconds(0));
      over = true;
      return false;
    };
    CHECK_FALSE(run_spread(plan, learner, sink, 3, slow).finished);
    // One message more, and reports.
    CHECK(most < kMostUnderWay + (2 << 20));
    check_balance(sink.links);
    std::uint64_t dropped = 0;
    for (const LinkRow& row : sink.links) {
      if (row.kind == LinkRow::Kind::uplink) dropped += row.dropped.messages;
    }
    // The protocol's own rule for messages that it could not send.
    CHECK(dropped > 0);
  }
}

namespace {

/// Publishes its number of evaluations to other threads.
class WatchedSink final : public MemorySink {
 public:
  using MemorySink::add;
  void add(const EvaluationRow& row) override {
    MemorySink::add(row);
    ++evaluated;
  }
  std::atomic<std::size_t> evaluated{0};
};

}  // namespace

TEST_CASE("real time: without a host that dies the run goes on, and what is sent to its nodes is dropped") {
  for (const std::string kind : {"divshare", "d-psgd"}) {
    for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
      INFO(kind << std::string(sharing == Sharing::fair ? ", fair" : ", serial"));
      CountingLearner learner(500);
      RunPlan plan = plan_of(kind, 8, milliseconds(20), milliseconds(3000));
      plan.network.sharing = sharing;
      plan.wait_timeout = milliseconds(60);
      plan.evaluations = {Time{}, milliseconds(200), plan.duration};
      Circumstances death{true, true};
      WatchedSink sink;
      bool dead = false;
      Time killed_at{};
      death.keep_going = [&](const RunPosition& position, Switchboard& board) {
        if (dead || sink.evaluated < 2 * 9) return true;
        killed_at = position.now;
        board.kill(2);
        return dead = true;
      };
      const RunOutcome outcome = run_spread(plan, learner, sink, 3, death);
      CHECK(outcome.finished);
      REQUIRE(outcome.lost_hosts.size() == 1);
      CHECK(outcome.lost_hosts[0].host == 2);
      CHECK(outcome.lost_hosts[0].nodes == std::vector<NodeId>{3, 4, 5});
      CHECK(outcome.lost_hosts[0].what == "host 2 is gone: killed");
      const Time lost_at = outcome.lost_hosts[0].at;
      CHECK(lost_at >= killed_at);

      // Hosts do not begin at the same moment: their clocks may differ by the time it takes to start them.
      Time last_round{}, last_of_lost{};
      std::uint64_t missed = 0;
      for (const RoundRecord& record : sink.rounds) {
        const bool was_lost = record.round.node >= 3 && record.round.node <= 5;
        Time& last = was_lost ? last_of_lost : last_round;
        last = std::max(last, record.round.end);
        missed += record.round.mixing.missed;
      }
      CHECK(last_round > lost_at);
      CHECK(last_round > last_of_lost);
      if (kind == "d-psgd") CHECK(missed > 0);
      std::uint64_t absent = 0;
      for (const LinkRow& row : sink.links) absent += row.absent.messages;
      CHECK(absent > 0);
      check_balance(sink.links);

      // Eight nodes twice, the other five in the end, and every time the average.
      CHECK(sink.evaluations.size() == 2 * 9 + 6);
    }
  }
}

TEST_CASE("real time: a host that dies ends the run unless the scenario says otherwise, and all of them do always") {
  for (const bool survives : {false, true}) {
    CountingLearner learner(500);
    RunPlan plan = plan_of("divshare", 8, milliseconds(20), std::chrono::hours(1));
    plan.evaluations = {Time{}, plan.duration};
    Circumstances death{true, survives};
    WatchedSink sink;
    death.keep_going = [&](const RunPosition&, Switchboard& board) {
      if (sink.evaluated == 9) {
        board.kill(1);
        if (survives) board.kill(2);
      }
      return true;
    };
    const char* line = survives ? "all hosts are gone" : "host 1 is gone: killed";
    CHECK_THROWS_WITH(run_spread(plan, learner, sink, 2, death), line);
    CHECK(sink.evaluations.size() == 9);
  }
}

TEST_SUITE_END();

namespace {

/// Does not finish a round before it is permitted.
class HeldUpLearner final : public CountingLearner {
 public:
  using CountingLearner::CountingLearner;
  LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work) override {
    std::unique_lock lock(mutex_);
    ++begun_;
    allowed_to_end_.wait(lock, [&] { return allowed_; });
    return CountingLearner::train(worker, state, model, work);
  }
  void allow() {
    const std::lock_guard lock(mutex_);
    allowed_ = true;
    allowed_to_end_.notify_all();
  }
  bool has_begun() {
    const std::lock_guard lock(mutex_);
    return begun_ > 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable allowed_to_end_;
  int begun_ = 0;
  bool allowed_ = false;
};

}  // namespace

namespace {

/// Messages that a faulty host may send for a node of the first host.
template <class Message>
void add_wire_message(ByteWriter& out, Role role, NodeId node, EntityId cause, const Message& message) {
  const auto content = caf::make_message(message);
  write_wire_message(out, {1, static_cast<std::uint8_t>(role), node},
                     WireMessage::Moment{milliseconds(100), {cause.value(), 0}}, content.content());
}

/// A frame of messages from one part to another, as if that part had sent it.
template <class Write>
void send_frame(Switchboard& board, PartId from, PartId to, const Write& write) {
  ByteWriter out;
  Switchboard::Line line(board, from);
  line.begin(out);
  out.put(PartFrameKind::messages);
  write(out);
  line.send(to, out.take());
}

void add_message(ByteWriter& out, NodeId from, NodeId to, SharedValues values, Bytes size) {
  Transfer transfer;
  transfer.from = from;
  transfer.to = to;
  transfer.size = size;
  transfer.values = std::move(values);
  add_wire_message(out, Role::downlink, to, EntityId(EntityKind::link, from, to),
                   Arriving{std::make_shared<const Transfer>(std::move(transfer)), milliseconds(100), {}, {}});
}

}  // namespace

TEST_CASE("what a host sends that is no part of the run is left out, counted, and told of once") {
  for (const std::string& kind : kinds()) {
    INFO(kind);
    RunPlan plan = plan_of(kind, 8, milliseconds(50), milliseconds(900));
    plan.wait_timeout = milliseconds(200);
    plan.evaluations = {Time{}, milliseconds(450), plan.duration};
    CountingLearner learner(100);
    std::mutex mutex;
    std::vector<std::string> lines;
    Circumstances lying;
    lying.on_refusal = [&](const std::string& line) {
      const std::lock_guard lock(mutex);
      lines.push_back(line);
    };
    lying.at_start = [](Switchboard& board) {
      send_frame(board, 2, 1, [](ByteWriter& out) {
        // Nodes 0 to 3 are the receiver's own, 4 to 7 the liar's.
        add_message(out, 4, 3, nullptr, kHeaderBytes);
        add_message(out, 7, 0, share(Values{}), kHeaderBytes);
        add_message(out, 4, 3, share(Values(1)), message_size(1));
        add_message(out, 7, 0, share(Values(101)), message_size(101));
        add_message(out, 4, 3, share(Values(100)), ~Bytes{0});
        add_message(out, 2, 3, share(Values(100)), message_size(100));
        add_wire_message(out, Role::node, 0, EntityId(EntityKind::evaluation_request, 0), Evaluate{milliseconds(100)});
        add_wire_message(out, Role::node, 0, EntityId(EntityKind::evaluation_request, 0), Evaluate{milliseconds(100)});
      });
    };
    MemorySink sound, sink;
    CHECK(run_spread(plan, learner, sound, 2).refused == 0);
    const RunOutcome outcome = run_spread(plan, learner, sink, 2, lying);
    CHECK(outcome.finished);
    // Messages that the sender may not send, or charge; of a round's messages only the last one that arrived
    // counts.
    CHECK(outcome.refused >= 4);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("host 2 has sent what is no part of this run: ") == 0);
    CHECK(2 * sink.rounds.size() > sound.rounds.size());
    CHECK(sink.evaluations.size() == 3 * tested_models(plan));
  }
}

TEST_CASE("a node that is asked twice for an evaluation at the same moment makes one, and nobody is harmed") {
  RunPlan plan = plan_of("d-psgd", 8, milliseconds(50), milliseconds(900));
  plan.evaluations = {Time{}, plan.duration};
  CountingLearner learner(100);
  Circumstances twice;
  twice.at_start = [](Switchboard& board) {
    send_frame(board, 0, 1, [](ByteWriter& out) {
      for (int i = 0; i < 2; ++i) {
        add_wire_message(out, Role::node, 0, EntityId(EntityKind::evaluation_request, 0), Evaluate{milliseconds(100)});
      }
    });
  };
  MemorySink sink;
  const RunOutcome outcome = run_spread(plan, learner, sink, 2, twice);
  CHECK(outcome.finished);
  CHECK(outcome.refused == 0);
  CHECK(sink.evaluations.size() == 2 * 9);  // the recorder has requested none
}

TEST_CASE("a node that reports an evaluation again and again is counted once") {
  RunPlan plan = plan_of("d-psgd", 8, milliseconds(50), milliseconds(900));
  plan.evaluations = {Time{}, plan.duration};
  CountingLearner learner(100);
  Circumstances often;
  often.at_start = [](Switchboard& board) {
    send_frame(board, 1, 0, [](ByteWriter& out) {
      for (int i = 0; i < 100; ++i) {
        const auto row = caf::make_message(EvaluationRow{Time{}, 3, 0, {1, 0}});
        write_wire_message(out, {0, static_cast<std::uint8_t>(Role::recorder), 0}, std::nullopt, row.content());
      }
    });
  };
  MemorySink sink;
  CHECK(run_spread(plan, learner, sink, 2, often).finished);
  CHECK(sink.evaluations.size() == 2 * 9);
}

namespace {

/// One host has all nodes, and nothing bounds its window of virtual time, which takes very long.
RunPlan endless_plan() { return plan_of("divshare", 8, milliseconds(1), std::chrono::hours(1000)); }

}  // namespace

TEST_CASE("in a window of virtual time that lasts, a run shows how far it is and can be stopped") {
  CountingLearner learner(100);
  const RunPlan plan = endless_plan();
  Circumstances impatient;
  MemorySink sink;
  RunPosition seen;
  impatient.keep_going = [&](const RunPosition& position, Switchboard&) {
    seen = position;
    return position.rounds < 100;
  };
  const RunOutcome outcome = run_spread(plan, learner, sink, 1, impatient);
  CHECK_FALSE(outcome.finished);
  CHECK(seen.now > Time{});
  CHECK(seen.now < plan.duration);
  // The host has stopped in the middle and has reported what it had.
  CHECK(sink.rounds.size() > 8);
  CHECK(std::is_sorted(sink.rounds.begin(), sink.rounds.end(), [](const RoundRecord& a, const RoundRecord& b) {
    return std::tie(a.round.end, a.round.node) < std::tie(b.round.end, b.round.node);
  }));
  CHECK(sink.links.size() > 16);
  check_balance(sink.links);
}

TEST_CASE("in a window of virtual time that lasts, a host hears that its coordinator is gone") {
  CountingLearner learner(100);
  Circumstances death;
  death.keep_going = [&](const RunPosition& position, Switchboard& board) {
    if (position.rounds > 0) board.kill(0);
    return true;
  };
  MemorySink sink;
  CHECK_THROWS_WITH(run_spread(endless_plan(), learner, sink, 1, death), "dead");
}

namespace {

ByteWriter wire_message(Role role, NodeId node, const caf::message& message,
                        std::optional<WireMessage::Moment> moment = {}) {
  ByteWriter out;
  out.put(PartFrameKind::messages);
  write_wire_message(out, {0, static_cast<std::uint8_t>(role), node}, moment, message.content());
  return out;
}

ByteWriter row_report(const caf::message& message) { return wire_message(Role::recorder, 0, message); }

/// The reason why a part ends the run after receiving this in another one's name, in the middle of it.
std::string answer_to(PartId from, PartId to, const std::vector<ByteWriter>& said) {
  CountingLearner learner(100);
  Circumstances forgery;
  bool is_said = false;
  forgery.keep_going = [&](const RunPosition& position, Switchboard& board) {
    if (position.rounds == 0 || std::exchange(is_said, true)) return true;
    for (const ByteWriter& frame : said) board.forge(from, to, frame);
    return true;
  };
  std::string why;
  forgery.host_left = [&](PartId host, const std::string& what, Switchboard& board) {
    if (host == to) why = what;
    board.kill(host);
  };
  MemorySink sink;
  try {
    run_spread(endless_plan(), learner, sink, 2, forgery);
  } catch (const PartLost& lost) {
    if (to == 0) why = lost.what();
  }
  return why;
}

RoundRow round_row(NodeId node, Round round) {
  RoundRow row;
  row.node = node;
  row.round = round;
  return row;
}

}  // namespace

TEST_CASE("what a host cannot have meant ends the run, and the one who said it is named") {
  const NodeId own = 4;  // lives at host 2
  const std::string line = "host 2 has sent something that is no part of this run";
  ByteWriter no_kind, report;
  no_kind.put(std::uint8_t{9});
  report.put(PartFrameKind::report);
  const std::vector<std::vector<ByteWriter>> cases{
      {no_kind},
      {report},
      {row_report(caf::make_message(round_row(own, 4'000'000)))},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO("case " << i);
    CHECK(answer_to(2, 0, cases[i]) == line);
  }
  ByteWriter progress;
  progress.put(PartFrameKind::progress);
  for (int i = 0; i < 3; ++i) progress.put(std::uint64_t{0});
  CHECK(answer_to(2, 1, {progress}) == line);
}

TEST_CASE("a coordinator stops when the user has had enough, also while a host computes and says nothing") {
  HeldUpLearner learner(100);
  const RunPlan plan = plan_of("divshare", 8, milliseconds(50), milliseconds(900));
  Circumstances stuck;
  stuck.keep_going = [&](const RunPosition&, Switchboard&) { return !learner.has_begun(); };
  bool came_back = false;
  stuck.at_end = [&] {
    came_back = true;
    learner.allow();
  };
  MemorySink sink;
  CHECK_FALSE(run_spread(plan, learner, sink, 2, stuck).finished);
  CHECK(came_back);
}

}  // namespace tardigrad
