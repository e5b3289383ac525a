// The clock's rules, by a time that the test drives, and facts that only the machine's own time can show.
#include "runtime/clock/real_clock.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <caf/all.hpp>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "runtime/clock/system_time.hpp"
#include "tests/runtime/driven_time.hpp"

namespace tardigrad {

struct Call {
  int text = 0;
  Time at{};
};

}  // namespace tardigrad

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Call)

namespace tardigrad {

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }
const auto always = [] { return true; };

struct Heard {
  int text = 0;
  Time told{};  ///< the moment the message was due
  Time when{};  ///< the moment it was handled
};

class Notes {
 public:
  void add(const Heard& heard) {
    const std::lock_guard lock(mutex_);
    all_.push_back(heard);
  }
  std::vector<Heard> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  std::vector<int> texts() const {
    std::vector<int> texts;
    for (const Heard& heard : all()) texts.push_back(heard.text);
    return texts;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Heard> all_;
};

class Listener final : public caf::event_based_actor {
 public:
  Listener(caf::actor_config& config, Clock& clock, Notes& notes)
      : caf::event_based_actor(config), clock_(clock), notes_(notes) {}

  caf::behavior make_behavior() override {
    return {[this](const Call& call) { notes_.add({call.text, call.at, clock_.now()}); }};
  }

 private:
  Clock& clock_;
  Notes& notes_;
};

/// `Machine` is the time and the computing: driven, or the real ones.
template <class Machine>
struct RunActors {
  Machine machine;
  RealTimeConfig config{machine.time};
  caf::actor_system system{config};
  RealClock clock{system, machine.time};
  Notes notes;
  caf::actor listener = system.spawn<Listener>(std::ref(clock), std::ref(notes));

  ~RunActors() {
    clock.clear();
    machine.pool.drain();
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    clock.await_exits(0);
  }
  void call(Time at, std::uint64_t key, int text) { clock.schedule(at, {key, 0}, listener, Call{text, {}}); }
  void call_after(const ComputeJobPtr& job, Time begin, Time at, EntityId who, int text) {
    clock.schedule_after(job, begin, at, {who.value(), 0}, listener, Call{text, {}});
  }
};

struct DrivenMachine {
  test::DrivenTime time;
  test::DrivenPool pool{time, 2};
};
struct Driven : RunActors<DrivenMachine> {
  test::DrivenTime& time = machine.time;

  /// Takes so long, from when a worker begins it, and needs to be done at `needed_at`.
  ComputeJobPtr computation(Time duration, Time needed_at = {}) {
    return machine.pool.submit(needed_at, [&pool = machine.pool, duration](unsigned) { pool.spend(duration); });
  }
  /// The handled messages and their due times, which must equal the times of handling.
  std::vector<std::pair<Time, int>> heard() const {
    std::vector<std::pair<Time, int>> all;
    for (const Heard& call : notes.all()) {
      CHECK(call.told == call.when);
      all.emplace_back(call.told, call.text);
    }
    return all;
  }
};

struct RealMachine {
  SystemTime time;
  ComputePool pool{2, {}};
};
struct Real : RunActors<RealMachine> {
  /// Runs on until `count` messages have been handled.
  void hear(std::size_t count) {
    clock.run_until(kNever, [&] { return notes.all().size() < count; });
  }
};

constexpr EntityId kNode(EntityKind::node, 3);
using Calls = std::vector<std::pair<Time, int>>;

}  // namespace

TEST_CASE("real time: events come in order of time, then of key, each at its moment") {
  Driven actors;
  for (const int text : {4, 0, 3, 1, 2, 5}) actors.call(ms(20 * (text / 2)), static_cast<std::uint64_t>(text), text);
  CHECK(actors.clock.run_until(ms(50), always));
  CHECK(actors.heard() == Calls{{ms(0), 0}, {ms(0), 1}, {ms(20), 2}, {ms(20), 3}, {ms(40), 4}, {ms(40), 5}});
  CHECK(actors.clock.delivered_events() == 6);
  CHECK(actors.clock.now() == ms(50));
  CHECK(actors.time.now() == ms(50));
}

TEST_CASE("real time: a sooner event does not wait for a later one that was there first") {
  Driven actors;
  actors.call(std::chrono::hours(1), 1, 1);
  actors.time.at(ms(20), [&] {
    actors.call(ms(400), 2, 2);
    actors.call(ms(350), 3, 3);
  });
  CHECK(actors.clock.run_until(ms(450), always));
  CHECK(actors.heard() == Calls{{ms(350), 3}, {ms(400), 2}});
}

TEST_CASE("real time: an event whose moment has passed comes at once, and is told when it was due") {
  Driven actors;
  actors.time.at(ms(20), [&] { actors.call(ms(15), 1, 1); });
  actors.clock.run_until(ms(30), always);
  REQUIRE(actors.notes.all().size() == 1);
  CHECK(actors.notes.all()[0].told == ms(15));
  CHECK(actors.notes.all()[0].when == ms(20));
}

TEST_CASE("real time: time stands still until the clock runs and when it has run") {
  Driven actors;
  actors.call(ms(0), 1, 1);
  actors.call(ms(30), 2, 2);
  actors.time.pass(ms(5));
  CHECK(actors.clock.now() == Time{});
  CHECK(actors.notes.all().empty());
  CHECK(actors.clock.run_until(ms(10), always));
  actors.time.pass(ms(50));
  CHECK(actors.clock.now() == ms(10));
  CHECK(actors.heard() == Calls{{ms(0), 1}});
  CHECK(actors.clock.run_until(ms(40), always));
  CHECK(actors.heard() == Calls{{ms(0), 1}, {ms(30), 2}});
  CHECK(actors.time.now() == ms(5 + 10 + 50 + 30));
}

TEST_CASE("real time: a computation that is done early is padded up to its emulated end") {
  Driven actors;
  actors.call_after(actors.computation(ms(3)), ms(0), ms(400), kNode, 1);
  actors.clock.run_until(ms(500), always);
  CHECK(actors.heard() == Calls{{ms(400), 1}});
  CHECK(actors.clock.overruns().empty());
}

TEST_CASE("real time: a computation that is done at the very moment when it should be is no overrun") {
  Driven actors;
  actors.call_after(actors.computation(ms(10)), ms(0), ms(10), kNode, 1);
  actors.clock.run_until(ms(20), always);
  CHECK(actors.heard() == Calls{{ms(10), 1}});
  CHECK(actors.clock.overruns().empty());
}

TEST_CASE("real time: a computation that takes too long is late by so much, and remembered") {
  Driven actors;
  actors.clock.run_until(ms(1), always);
  actors.call_after(actors.computation(ms(50)), ms(1), ms(11), kNode, 1);
  actors.call(ms(12), 2, 0);
  actors.clock.run_until(ms(100), always);
  CHECK(actors.heard() == Calls{{ms(12), 0}, {ms(51), 1}});
  const auto overruns = actors.clock.overruns();
  REQUIRE(overruns.size() == 1);
  CHECK(EntityId(overruns.begin()->first).kind() == EntityKind::node);
  CHECK(EntityId(overruns.begin()->first).node() == 3);
  CHECK(overruns.begin()->second.count == 1);
  CHECK(overruns.begin()->second.worst_ratio == doctest::Approx(5));
}

TEST_CASE("real time: a computation that waits for a worker is late, too, the most urgent goes first") {
  Driven actors;
  for (int i = 0; i < 2; ++i) actors.call_after(actors.computation(ms(30), ms(1)), ms(0), ms(30), kNode, i);
  actors.call_after(actors.computation(ms(10), ms(3)), ms(0), ms(20), EntityId(EntityKind::node, 5), 3);
  actors.call_after(actors.computation(ms(10), ms(2)), ms(0), ms(50), EntityId(EntityKind::node, 4), 2);
  actors.clock.run_until(ms(100), always);
  CHECK(actors.heard() == Calls{{ms(30), 0}, {ms(30), 1}, {ms(40), 3}, {ms(50), 2}});
  const auto overruns = actors.clock.overruns();
  REQUIRE(overruns.size() == 1);
  CHECK(EntityId(overruns.begin()->first).node() == 5);
  CHECK(overruns.begin()->second.worst_ratio == doctest::Approx(2));
}

TEST_CASE("real time: a computation that is begun when it should be done is an overrun, however short it is") {
  Driven actors;
  actors.clock.run_until(ms(40), always);
  actors.call_after(actors.computation(ms(0)), ms(10), ms(20), kNode, 1);
  actors.clock.run_until(ms(50), always);
  CHECK(actors.heard() == Calls{{ms(40), 1}});
  const auto overruns = actors.clock.overruns();
  REQUIRE(overruns.size() == 1);
  CHECK(overruns.begin()->second.count == 1);
  CHECK(overruns.begin()->second.worst_ratio == doctest::Approx(3));
}

TEST_CASE("real time: a computation that never gets done in a run counts as an overrun all the same") {
  Driven actors;
  actors.call_after(actors.computation(std::chrono::hours(1)), ms(0), ms(5), kNode, 1);
  CHECK(actors.clock.run_until(ms(20), always));
  CHECK(actors.clock.overruns().empty());
  actors.clock.clear();
  REQUIRE(actors.clock.overruns().size() == 1);
  CHECK(actors.clock.overruns().begin()->second.worst_ratio == doctest::Approx(4));
  actors.machine.pool.drain();
  CHECK(actors.clock.run_until(ms(30), always));
  CHECK(actors.notes.all().empty());
}

TEST_CASE("real time: an evaluation belongs to its moment however long it takes") {
  Driven actors;
  actors.call_after(actors.computation(ms(35)), ms(10), ms(10), EntityId(EntityKind::evaluation, 3), 1);
  CHECK(actors.clock.run_until(ms(10), always));
  CHECK(actors.notes.all().empty());
  while (actors.notes.all().empty()) actors.clock.run_until(ms(10), always);
  CHECK(actors.heard() == Calls{{ms(10), 1}});
  CHECK(actors.time.now() == ms(35));
  CHECK(actors.clock.overruns().empty());
}

TEST_CASE("real time: a run that is told to stop delivers nothing more") {
  Driven actors;
  for (int i = 0; i < 20; ++i) actors.call(ms(20 * i), static_cast<std::uint64_t>(i), i);
  CHECK_FALSE(actors.clock.run_until(ms(1000), [&] { return actors.clock.now() < ms(60); }));
  CHECK(actors.clock.delivered_events() == 4);
  CHECK(actors.clock.next_event() == ms(80));
  actors.time.pass(ms(60));
  CHECK(actors.clock.delivered_events() == 4);
  CHECK(actors.clock.now() == ms(60));
}

TEST_CASE("real time: where nothing happens, who runs the clock is asked every 50 ms") {
  Driven actors;
  std::vector<Time> asked;
  actors.clock.run_until(ms(120), [&] {
    asked.push_back(actors.clock.now());
    return true;
  });
  CHECK(asked == std::vector<Time>{ms(0), ms(50), ms(100)});
}

TEST_CASE("real time: a clock stands still when nothing has happened for a second and nothing is to come") {
  Driven actors;
  const auto until_still = [&](Time end) {
    Time since = kNever;
    actors.clock.run_until(end, [&] {
      if (actors.clock.stands_still()) since = std::min(since, actors.clock.now());
      return since == kNever;
    });
    return since;
  };
  actors.call(ms(700), kNode.value(), 1);
  actors.call_after(actors.computation(ms(2500)), ms(0), ms(1000), kNode, 2);
  actors.call(std::chrono::hours(1), EntityId(EntityKind::evaluation, 3).value(), 3);  // does not move anything
  CHECK(until_still(ms(9000)) == ms(3550));  // asked every 50 ms: at 3500 it is not more than a second
  CHECK(actors.notes.texts() == std::vector<int>{1, 2});
}

TEST_CASE("real time: what a computation throws reaches the one who runs the clock") {
  Driven actors;
  actors.call_after(actors.machine.pool.submit(ms(1), [](unsigned) { throw std::runtime_error("no more tensors"); }),
                    ms(0), ms(1), kNode, 1);
  CHECK_THROWS_WITH(actors.clock.run_until(std::chrono::hours(1), always), "no more tensors");
}

TEST_CASE("real time: what an actor or the watcher throws reaches the one who runs the clock, at once") {
  Driven actors;
  actors.time.at(ms(10), [&] { actors.clock.fail(std::make_exception_ptr(std::logic_error("broken invariant"))); });
  CHECK_THROWS_WITH(actors.clock.run_until(std::chrono::hours(1), always), "broken invariant");
  CHECK(actors.clock.now() == ms(10));
  CHECK_THROWS_WITH(actors.clock.run_until(ms(1000), []() -> bool { throw std::runtime_error("bored"); }), "bored");
  CHECK(actors.clock.run_until(actors.clock.now() + ms(1), always));
}

TEST_SUITE_BEGIN("slow");

TEST_CASE("the machine's time: an alarm never rings too early, and a sooner one takes the place of a later one") {
  Real actors;
  actors.call(std::chrono::hours(1), 1, 1);
  std::thread later([&] {
    while (actors.clock.now() == Time{}) std::this_thread::yield();
    actors.call(ms(60), 2, 2);
    actors.call(ms(50), 3, 3);
  });
  actors.hear(2);
  later.join();
  CHECK(actors.notes.texts() == std::vector<int>{3, 2});
  for (const Heard& heard : actors.notes.all()) CHECK(heard.when >= heard.told);
}

TEST_CASE("the machine's time: a clock runs for as long as it says") {
  Real actors;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(actors.clock.run_until(ms(30), always));
  CHECK(std::chrono::steady_clock::now() - begin >= ms(30));
}

TEST_CASE("the machine's time: what many threads schedule at once comes once each") {
  Real actors;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&actors, t] {
      for (std::uint64_t i = 0; i < 500; ++i) {
        actors.clock.schedule(ms(static_cast<std::int64_t>(i % 20)), {t, i}, actors.listener,
                              Call{static_cast<int>(500 * t + i), {}});
      }
    });
  }
  actors.hear(2000);
  for (auto& thread : threads) thread.join();
  auto texts = actors.notes.texts();
  std::sort(texts.begin(), texts.end());
  for (int i = 0; i < 2000; ++i) CHECK(texts[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("the machine's time: a computation on another thread is late by what it takes") {
  Real actors;
  actors.clock.run_until(ms(1), always);
  const auto job = actors.machine.pool.submit(ms(11), [](unsigned) { std::this_thread::sleep_for(ms(30)); });
  actors.call_after(job, ms(1), ms(11), kNode, 1);
  actors.hear(1);
  CHECK(actors.notes.all()[0].told > ms(20));
  REQUIRE(actors.clock.overruns().size() == 1);
  CHECK(actors.clock.overruns().begin()->second.worst_ratio > 2);
}

TEST_CASE("the machine's time: a failure on another thread ends the run") {
  Real actors;
  const auto failure = std::make_exception_ptr(std::logic_error("broken invariant"));
  std::thread actor([&] { actors.clock.fail(failure); });
  CHECK_THROWS_WITH(actors.clock.run_until(std::chrono::hours(1), always), "broken invariant");
  actor.join();
}

TEST_CASE("the machine's time: a clock that is cleared and destroyed leaves no job behind that calls it") {
  ComputePool pool(1, {});
  SystemTime time;
  RealTimeConfig config(time);
  caf::actor_system system(config);
  Notes notes;
  std::atomic<bool> started{false};
  std::atomic<bool> finished{false};
  {
    RealClock clock(system, time);
    const auto listener = system.spawn<Listener>(std::ref(clock), std::ref(notes));
    const auto job = pool.submit(ms(1), [&](unsigned) {
      started = true;
      std::this_thread::sleep_for(ms(30));
      finished = true;
    });
    clock.schedule_after(job, ms(0), ms(1), {kNode.value(), 0}, listener, Call{1, {}});
    while (!started) std::this_thread::yield();
    clock.clear();
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    clock.await_exits(0);
  }
  CHECK(finished);
  CHECK(notes.all().empty());
}

TEST_SUITE_END();

}  // namespace tardigrad
