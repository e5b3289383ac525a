#include "runtime/real_clock.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <caf/all.hpp>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

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

struct Stage {
  RealTimeConfig config;
  caf::actor_system system{config};
  ComputePool pool{2, {}};
  RealClock clock{system};
  Notes notes;
  caf::actor listener = system.spawn<Listener>(std::ref(clock), std::ref(notes));

  ~Stage() {
    clock.clear();
    pool.drain();
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    clock.await_exits(0);
  }
  void call(Time at, std::uint64_t key, int text) { clock.schedule(at, {key, 0}, listener, Call{text, {}}); }
  void call_after(const ComputeJobPtr& job, Time begin, Time at, EntityId who, int text) {
    clock.schedule_after(job, begin, at, {who.value(), 0}, listener, Call{text, {}});
  }
  /// Runs on until `count` messages have been handled: one that was delivered in time may be handled
  /// later.
  void hear(std::size_t count) {
    clock.run_until(kNever, [&] { return notes.all().size() < count; });
  }
};

constexpr EntityId kNode(EntityKind::node, 3);

void sleep(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

}  // namespace

TEST_CASE("real time: events come in order of time, then of key, and none before its time") {
  Stage stage;
  for (const int text : {4, 0, 3, 1, 2, 5}) stage.call(ms(20 * (text / 2)), static_cast<std::uint64_t>(text), text);
  CHECK(stage.clock.run_until(ms(50), always));
  stage.hear(6);
  CHECK(stage.notes.texts() == std::vector<int>{0, 1, 2, 3, 4, 5});
  CHECK(stage.clock.delivered_events() == 6);
  for (const Heard& heard : stage.notes.all()) {
    CHECK(heard.told == ms(20 * (heard.text / 2)));
    CHECK(heard.when >= heard.told);
  }
}

TEST_CASE("real time: a sooner event does not wait for a later one that was there first") {
  Stage stage;
  stage.call(std::chrono::hours(1), 1, 1);
  std::thread later([&] {
    sleep(20);
    stage.call(ms(400), 2, 2);
    stage.call(ms(350), 3, 3);
  });
  CHECK(stage.clock.run_until(ms(450), always));
  later.join();
  stage.hear(2);
  CHECK(stage.notes.texts() == std::vector<int>{3, 2});
}

TEST_CASE("real time: time stands still until the clock runs and when it has run") {
  Stage stage;
  stage.call(ms(0), 1, 1);
  stage.call(ms(30), 2, 2);
  sleep(5);
  CHECK(stage.clock.now() == Time{});
  CHECK(stage.notes.all().empty());
  stage.clock.run_until(ms(10), always);
  sleep(50);
  while (stage.notes.all().empty()) sleep(1);
  CHECK(stage.clock.now() == ms(10));
  CHECK(stage.notes.texts() == std::vector<int>{1});
  stage.clock.run_until(ms(40), always);
  stage.hear(2);
  CHECK(stage.notes.all().back().told == ms(30));
}

TEST_CASE("real time: what many threads schedule at once comes once each") {
  Stage stage;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&stage, t] {
      for (std::uint64_t i = 0; i < 500; ++i) {
        stage.clock.schedule(ms(static_cast<std::int64_t>(i % 20)), {t, i}, stage.listener,
                             Call{static_cast<int>(500 * t + i), {}});
      }
    });
  }
  stage.clock.run_until(ms(30), always);
  for (auto& thread : threads) thread.join();
  stage.hear(2000);
  auto texts = stage.notes.texts();
  std::sort(texts.begin(), texts.end());
  for (int i = 0; i < 2000; ++i) CHECK(texts[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("real time: a computation that is done early is padded up to its emulated end") {
  Stage stage;
  const Time end = ms(400);  // late enough for a machine that is busy with something else
  stage.call_after(stage.pool.submit(end, [](unsigned) {}), ms(0), end, kNode, 1);
  stage.clock.run_until(end, always);
  stage.hear(1);
  CHECK(stage.notes.all()[0].told == end);
  CHECK(stage.notes.all()[0].when >= end);
  CHECK(stage.clock.overruns().empty());
}

TEST_CASE("real time: a computation that takes too long is late by so much, and remembered") {
  Stage stage;
  std::atomic<bool> computed{false};
  stage.clock.run_until(ms(1), always);
  stage.call_after(stage.pool.submit(ms(11),
                                     [&](unsigned) {
                                       sleep(50);
                                       computed = true;
                                     }),
                   ms(1), ms(11), kNode, 1);
  stage.call(ms(12), 2, 0);
  stage.hear(2);
  CHECK(computed);
  CHECK(stage.notes.texts() == std::vector<int>{0, 1});
  CHECK(stage.notes.all()[1].told > ms(12));
  const auto overruns = stage.clock.overruns();
  REQUIRE(overruns.size() == 1);
  CHECK(EntityId(overruns.begin()->first).kind() == EntityKind::node);
  CHECK(EntityId(overruns.begin()->first).node() == 3);
  CHECK(overruns.begin()->second.count == 1);
  CHECK(overruns.begin()->second.worst_ratio >= 5);
}

TEST_CASE("real time: a computation that is begun when it should be done is an overrun, however short it is") {
  Stage stage;
  stage.clock.run_until(ms(40), always);
  stage.call_after(stage.pool.submit(ms(20), [](unsigned) {}), ms(10), ms(20), kNode, 1);
  stage.hear(1);
  CHECK(stage.notes.all()[0].told >= ms(40));
  const auto overruns = stage.clock.overruns();
  REQUIRE(overruns.size() == 1);
  CHECK(overruns.begin()->second.count == 1);
  CHECK(overruns.begin()->second.worst_ratio >= 3);
}

TEST_CASE("real time: a computation that never gets done in a run counts as an overrun all the same") {
  Stage stage;
  std::atomic<bool> stop{false};
  const auto job = stage.pool.submit(ms(5), [&](unsigned) {
    while (!stop) sleep(1);
  });
  stage.call_after(job, ms(0), ms(5), kNode, 1);
  CHECK(stage.clock.run_until(ms(20), always));
  stage.clock.clear();
  CHECK(stage.clock.overruns().size() == 1);
  stop = true;
  job->wait();
  CHECK(stage.notes.all().empty());
}

TEST_CASE("real time: an evaluation belongs to its moment however long it takes") {
  Stage stage;
  std::atomic<bool> goes_on{true};
  const auto job = stage.pool.submit(ms(10), [&](unsigned) {
    while (goes_on) sleep(1);
  });
  stage.call_after(job, ms(10), ms(10), EntityId(EntityKind::evaluation, 3), 1);
  CHECK(stage.clock.run_until(ms(10), always));
  CHECK(stage.notes.all().empty());
  sleep(20);
  goes_on = false;
  job->wait();
  while (stage.notes.all().empty()) stage.clock.run_until(ms(10), always);
  CHECK(stage.notes.all()[0].told == ms(10));
  CHECK(stage.clock.overruns().empty());
}

TEST_CASE("real time: a run that is told to stop delivers nothing more") {
  Stage stage;
  for (int i = 0; i < 20; ++i) stage.call(ms(20 * i), static_cast<std::uint64_t>(i), i);
  CHECK_FALSE(stage.clock.run_until(ms(1000), [&] { return stage.clock.now() < ms(60); }));
  const auto delivered = stage.clock.delivered_events();
  const Time stopped = stage.clock.now();
  CHECK(delivered >= 1);
  sleep(60);
  CHECK(stage.clock.delivered_events() == delivered);
  CHECK(stage.clock.now() == stopped);
}

TEST_CASE("real time: what a computation throws reaches the one who runs the clock") {
  Stage stage;
  stage.call_after(stage.pool.submit(ms(1), [](unsigned) { throw std::runtime_error("no more tensors"); }), ms(0),
                   ms(1), kNode, 1);
  CHECK_THROWS_WITH(stage.clock.run_until(std::chrono::hours(1), always), "no more tensors");
}

TEST_CASE("real time: what an actor or the watcher throws reaches the one who runs the clock") {
  Stage stage;
  const auto failure = std::make_exception_ptr(std::logic_error("broken invariant"));
  std::thread actor([&] {
    sleep(10);
    stage.clock.fail(failure);
  });
  CHECK_THROWS_WITH(stage.clock.run_until(std::chrono::hours(1), always), "broken invariant");
  actor.join();
  CHECK_THROWS_WITH(stage.clock.run_until(ms(1000), []() -> bool { throw std::runtime_error("bored"); }), "bored");
  CHECK(stage.clock.run_until(stage.clock.now() + ms(1), always));
}

TEST_CASE("real time: a clock that is cleared and destroyed leaves no job behind that calls it") {
  ComputePool pool(1, {});
  RealTimeConfig config;
  caf::actor_system system(config);
  Notes notes;
  std::atomic<bool> started{false};
  std::atomic<bool> finished{false};
  {
    RealClock clock(system);
    const auto listener = system.spawn<Listener>(std::ref(clock), std::ref(notes));
    const auto job = pool.submit(ms(1), [&](unsigned) {
      started = true;
      sleep(30);
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

}  // namespace tardigrad
