#include "runtime/clock/virtual_clock.hpp"

#include <doctest/doctest.h>

#include <caf/all.hpp>
#include <future>
#include <stdexcept>
#include <vector>

#include "netem/base/random_stream.hpp"

struct Note {
  int text = 0;
};
struct Relay {
  int text = 0;
};
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Note)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Relay)

namespace tardigrad {

namespace {

/// Records the messages that arrive and their times.
class Listener final : public caf::event_based_actor {
 public:
  Listener(caf::actor_config& config, Clock& clock, std::vector<std::pair<Time, int>>& heard)
      : caf::event_based_actor(config), clock_(clock), heard_(heard) {}

  caf::behavior make_behavior() override {
    return {[this](const Note& note) { heard_.emplace_back(clock_.now(), note.text); },
            [this](const Relay& relay) { send(this, Note{relay.text}); }};
  }

 private:
  Clock& clock_;
  std::vector<std::pair<Time, int>>& heard_;
};

struct RunActors {
  VirtualTimeConfig config;
  caf::actor_system system{config};
  VirtualClock clock{system};
  std::vector<std::pair<Time, int>> heard;
  caf::actor listener = system.spawn<Listener>(std::ref(clock), std::ref(heard));

  ~RunActors() {
    clock.clear();
    caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
    clock.settle();
  }
  std::vector<int> texts() const {
    std::vector<int> all;
    for (const auto& [time, text] : heard) all.push_back(text);
    return all;
  }
};

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }
const auto always = [] { return true; };

}  // namespace

TEST_CASE("of an event after the end nothing is kept but that there is one to come") {
  RunActors actors;
  VirtualClock clock(actors.system, ms(10));
  clock.schedule(ms(11), {EntityId(EntityKind::evaluation, 1).value(), 0}, actors.listener, Note{1});
  CHECK(clock.stands_still());
  clock.schedule(ms(11), {EntityId(EntityKind::link, 1, 2).value(), 0}, actors.listener, Note{2});
  CHECK_FALSE(clock.stands_still());
  CHECK(clock.next_event() == kNever);
  clock.schedule(ms(10), {EntityId(EntityKind::link, 1, 2).value(), 1}, actors.listener, Note{3});
  CHECK(clock.next_event() == ms(10));
  CHECK(clock.run_until(ms(20), [] { return true; }));
  CHECK(actors.texts() == std::vector<int>{3});
  CHECK_FALSE(clock.stands_still());
}

TEST_CASE("events come in order of time, then of key, whatever the order of scheduling") {
  std::vector<std::tuple<Time, EventKey, int>> events;
  for (std::uint64_t i = 0; i < 100; ++i) {
    events.emplace_back(ms(static_cast<std::int64_t>(i / 10)), EventKey{i % 10 / 3, i % 3}, static_cast<int>(i));
  }
  std::vector<int> reference;
  for (std::uint64_t order = 0; order < 5; ++order) {
    RunActors actors;
    RandomStream(order, Purpose::test).shuffle(events);
    // (9 falls on the same key as 0 of its group: leave it out)
    for (const auto& [at, key, text] : events) {
      if (text % 10 != 9) actors.clock.schedule(at, key, actors.listener, Note{text});
    }
    CHECK(actors.clock.run_until(ms(1000), always));
    CHECK(actors.heard.size() == 90);
    CHECK(actors.clock.delivered_events() == 90);
    CHECK(std::is_sorted(actors.heard.begin(), actors.heard.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; }));
    if (reference.empty()) reference = actors.texts();
    CHECK(actors.texts() == reference);
  }
}

TEST_CASE("all consequences of an event at its instant come before the next event of that instant") {
  RunActors actors;
  actors.clock.schedule(ms(1), {1, 0}, actors.listener, Relay{1});  // heard one hop later
  actors.clock.schedule(ms(1), {2, 0}, actors.listener, Note{2});
  actors.clock.run_until(ms(1), always);
  CHECK(actors.texts() == std::vector<int>{1, 2});
}

TEST_CASE("time stops at the end asked for and later events stay for later") {
  RunActors actors;
  actors.clock.schedule(ms(10), {1, 0}, actors.listener, Note{1});
  actors.clock.schedule(ms(20), {1, 1}, actors.listener, Note{2});
  CHECK(actors.clock.run_until(ms(15), always));
  CHECK(actors.clock.now() == ms(15));
  CHECK(actors.texts() == std::vector<int>{1});
  actors.clock.run_until(ms(30), always);
  CHECK(actors.texts() == std::vector<int>{1, 2});
}

TEST_CASE("a run that is told to stop does not deliver another event") {
  RunActors actors;
  for (std::uint64_t i = 0; i < 10; ++i) {
    actors.clock.schedule(ms(static_cast<std::int64_t>(i)), {1, i}, actors.listener, Note{static_cast<int>(i)});
  }
  CHECK_FALSE(actors.clock.run_until(ms(100), [&] { return actors.heard.size() < 4; }));
  CHECK(actors.heard.size() == 4);
  CHECK(actors.clock.now() == ms(3));
}

TEST_CASE("a computed result becomes visible at its emulated time, after the computation") {
  RunActors actors;
  ComputePool pool(2, {});
  bool computed = false;
  auto job = pool.submit(ms(5), [&](unsigned) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    computed = true;
  });
  actors.clock.schedule_after(job, ms(0), ms(5), {1, 0}, actors.listener, Note{1});
  actors.clock.schedule(ms(4), {1, 1}, actors.listener, Note{0});
  actors.clock.run_until(ms(5), always);
  CHECK(computed);
  CHECK(actors.heard == std::vector<std::pair<Time, int>>{{ms(4), 0}, {ms(5), 1}});
}

TEST_CASE("whoever runs the clock is asked while a computation lasts, and its event is still to come if he stops") {
  RunActors actors;
  std::promise<void> may_end;
  ComputePool pool(1, {});
  auto job = pool.submit(ms(1), [&](unsigned) { may_end.get_future().wait(); });
  actors.clock.schedule_after(job, ms(0), ms(1), {1, 0}, actors.listener, Note{1});
  int asked = 0;
  CHECK_FALSE(actors.clock.run_until(ms(2), [&] { return ++asked < 5; }));
  CHECK(actors.heard.empty());
  // An event that it schedules meanwhile is delivered when it is due, even before.
  asked = 0;
  CHECK(actors.clock.run_until(ms(2), [&] {
    if (++asked == 2) actors.clock.schedule(ms(0), {2, 0}, actors.listener, Note{0});
    if (asked == 10) may_end.set_value();
    return true;
  }));
  CHECK(asked >= 10);
  CHECK(actors.texts() == std::vector<int>{0, 1});
}

TEST_CASE("what a computation throws reaches the one who runs the clock") {
  RunActors actors;
  ComputePool pool(1, {});
  actors.clock.schedule_after(pool.submit(ms(1), [](unsigned) { throw std::runtime_error("no more tensors"); }), ms(0),
                              ms(1), {1, 0}, actors.listener, Note{1});
  CHECK_THROWS_WITH(actors.clock.run_until(ms(2), always), "no more tensors");
}

}  // namespace tardigrad
