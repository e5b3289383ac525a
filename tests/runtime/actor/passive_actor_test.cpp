#include "runtime/actor/passive_actor.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <caf/all.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "runtime/clock/real_clock.hpp"
#include "runtime/clock/system_time.hpp"
#include "runtime/clock/virtual_clock.hpp"

struct Count {
  int down_from = 0;
};
struct Mishap {};
struct GoHome {};
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Count)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Mishap)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(GoHome)

namespace tardigrad {

namespace {

using CounterActor = caf::typed_actor<caf::reacts_to<Count>, caf::reacts_to<Mishap>, caf::reacts_to<GoHome>>;

/// Counts down, a millisecond a number.
class Counter final : public PassiveActor {
 public:
  Counter(caf::actor_config& config, Clock& clock, std::atomic<int>& heard)
      : PassiveActor(config, clock), heard_(heard) {}

 private:
  void receive(const caf::type_erased_tuple& message) override {
    if (const auto* count = as<Count>(message)) return hear(*count);
    if (as<Mishap>(message)) throw std::runtime_error("slipped");
    if (as<GoHome>(message)) quit();
  }
  void hear(const Count& count) {
    // Two threads at once would lose some.
    heard_ = heard_ + 1;
    if (count.down_from == 0) return;
    clock().schedule(clock().now() + std::chrono::milliseconds(1), events_.next(), this, Count{count.down_from - 1});
  }

  EventSource events_{EntityId(EntityKind::link, 0)};
  std::atomic<int>& heard_;
};

struct Virtual {
  VirtualTimeConfig config;
  caf::actor_system system{config};
  VirtualClock clock{system};
  std::atomic<int> heard{0};
  CounterActor counter = make_passive<CounterActor, Counter>(system, clock, heard);
};

const auto always = [] { return true; };

}  // namespace

TEST_CASE("a passive actor has handled a message when it has been sent") {
  Virtual run;
  caf::anon_send(run.counter, Count{0});
  CHECK(run.heard == 1);
}

TEST_CASE("a passive actor's events come to it as to any other") {
  Virtual run;
  caf::anon_send(run.counter, Count{4});
  run.clock.run_until(std::chrono::milliseconds(2), always);
  CHECK(run.heard == 3);
  run.clock.run_until(std::chrono::milliseconds(9), always);
  CHECK(run.heard == 5);
}

TEST_CASE("what a passive actor throws ends the run, and it is not heard of again") {
  Virtual run;
  caf::anon_send(run.counter, Mishap{});
  caf::anon_send(run.counter, Count{0});
  CHECK(run.heard == 0);
  CHECK_THROWS_WITH(run.clock.run_until(std::chrono::milliseconds(1), always), "slipped");
}

TEST_CASE("a passive actor that has quit throws away what comes") {
  Virtual run;
  caf::anon_send(run.counter, GoHome{});
  caf::anon_send(run.counter, Count{0});
  CHECK(run.heard == 0);
}

TEST_CASE("a passive actor handles one message at a time, also those that the real clock delivers" *
          doctest::test_suite("slow")) {
  SystemTime time;
  RealTimeConfig config(time);
  caf::actor_system system{config};
  RealClock clock{system, time};
  std::atomic<int> heard{0};
  const auto counter = make_passive<CounterActor, Counter>(system, clock, heard);
  constexpr int messages = 300'000;
  caf::anon_send(counter, Count{30});
  std::vector<std::thread> senders;
  for (int i = 0; i < 2; ++i) {
    senders.emplace_back([&] {
      for (int n = 0; n < messages; ++n) caf::anon_send(counter, Count{0});
    });
  }
  clock.run_until(kNever, [&] { return heard < 2 * messages + 31; });
  for (std::thread& sender : senders) sender.join();
  CHECK(heard == 2 * messages + 31);
  clock.clear();
}

}  // namespace tardigrad
