#include "netem/link/downlink_rule.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/time/schedule.hpp"
#include "tests/memory_archive.hpp"
#include "tests/netem/link/numbered_messages.hpp"

namespace tardigrad {
namespace {

using test::check_balance;
using test::Effect;
using test::Effects;
using test::kByteEachMicrosecond;
using test::message;
using test::MessagePtr;
using test::ms;

/// A downlink with a clock. Keeps the wake-ups until they are due, and notes all else.
class Downlink {
 public:
  explicit Downlink(RateProfile rate, NodeAbsence absence = {})
      : rate_(std::move(rate)), absence_(std::move(absence)), rule_(rate_, absence_) {
    rule_.begin(*this);
  }

  // What it is told.
  void arrive(const MessagePtr& m, Time tail, Time now) { rule_.arrive(m, tail, now, *this); }
  void withdraw(std::uint64_t number, Time now) {
    rule_.withdraw([&](const MessagePtr& m) { return m->number == number; }, now, *this);
  }
  /// Lets time go on.
  void run_until(Time end) {
    wake_ups_.run_until(end, [this](DownlinkWake why, const MessagePtr& m, Time at) { rule_.wake(why, m, at, *this); });
  }
  LinkCount count() const { return rule_.count(); }

  // What it answers.
  void wake(Time at, DownlinkWake why, const MessagePtr& m) { wake_ups_.add(at, why, m); }
  void deliver(const MessagePtr& m, Time begin, Time end, Time now) {
    CHECK(now >= end);
    effects.emplace_back("delivered", m->number, begin, now);
  }
  void cut(const MessagePtr& m, Time begin, Time now) { effects.emplace_back("cut", m->number, begin, now); }
  void dropped(const MessagePtr& m, Time now) { effects.emplace_back("dropped", m->number, now, now); }

  /// Goes on with a downlink made from what this one saves.
  void reload() {
    const std::string bytes = test::saved(rule_, wake_ups_);
    rule_ = Rule(rate_, absence_);
    REQUIRE(test::load(bytes, rule_, wake_ups_));
  }

  Effects effects{};

 private:
  using Rule = DownlinkRule<MessagePtr, Downlink>;

  RateProfile rate_;
  NodeAbsence absence_;
  Rule rule_;
  test::WakeUps<DownlinkWake> wake_ups_;
};

}  // namespace

TEST_CASE("a slow sender does not hold a fast downlink for its whole transfer") {
  Downlink downlink(kByteEachMicrosecond);
  downlink.arrive(message(1), ms(10), ms(0));
  downlink.arrive(message(2), ms(5), ms(4));
  downlink.run_until(ms(20));
  CHECK(downlink.effects == Effects{{"delivered", 2, ms(4), ms(5)}, {"delivered", 1, ms(9), ms(10)}});
  CHECK(downlink.count().busy == ms(2));
}

TEST_CASE("messages that arrive together are received one after the other") {
  Downlink downlink(kByteEachMicrosecond);
  downlink.arrive(message(1, 3000), ms(1), ms(1));
  downlink.arrive(message(2), ms(2), ms(1));
  downlink.run_until(ms(20));
  CHECK(downlink.effects == Effects{{"delivered", 1, ms(1), ms(4)}, {"delivered", 2, ms(4), ms(5)}});
  CHECK(downlink.count().longest_queue == 2);
}

TEST_CASE("a downlink without a limit delivers a message with its last byte") {
  Downlink downlink(BitsPerSecond{1e24});
  downlink.arrive(message(1), ms(3), ms(1));
  downlink.arrive(message(2), ms(2), ms(2));
  downlink.run_until(ms(20));
  CHECK(downlink.effects == Effects{{"delivered", 2, ms(2), ms(2)}, {"delivered", 1, ms(3), ms(3)}});
}

TEST_CASE("what the sender withdraws is cut, or is dropped before its service, and frees its place") {
  Downlink downlink(kByteEachMicrosecond);
  downlink.arrive(message(1, 5000), ms(5), ms(0));
  downlink.arrive(message(2), ms(1), ms(1));
  downlink.arrive(message(3), ms(30), ms(1));
  downlink.run_until(ms(2));
  downlink.withdraw(1, ms(2));
  downlink.withdraw(3, ms(2));
  downlink.withdraw(4, ms(2));  // has been dropped before
  downlink.run_until(ms(40));   // wake-ups that outlive their messages change nothing
  CHECK(downlink.effects ==
        Effects{{"cut", 1, ms(0), ms(2)}, {"dropped", 3, ms(2), ms(2)}, {"delivered", 2, ms(2), ms(3)}});
  CHECK(downlink.count().dropped.messages == 2);
  CHECK(downlink.count().absent.messages == 0);
  check_balance(downlink.count());
}

TEST_CASE("a node that leaves loses what it is receiving, and what comes until it is back") {
  Downlink downlink(kByteEachMicrosecond, NodeAbsence({{ms(5), ms(10)}, {ms(20), ms(30)}}));
  downlink.arrive(message(1, 5000), ms(6), ms(1));
  downlink.arrive(message(2), ms(8), ms(3));
  downlink.run_until(ms(7));
  downlink.arrive(message(3), ms(7), ms(7));
  downlink.run_until(ms(10));
  downlink.arrive(message(4), ms(10), ms(10));
  downlink.run_until(ms(15));
  downlink.arrive(message(5), ms(25), ms(15));
  downlink.run_until(ms(40));
  CHECK(downlink.effects == Effects{{"cut", 1, ms(1), ms(5)},
                                    {"dropped", 2, ms(5), ms(5)},
                                    {"dropped", 3, ms(7), ms(7)},
                                    {"delivered", 4, ms(10), ms(11)},
                                    {"dropped", 5, ms(20), ms(20)}});
  CHECK(downlink.count().absent.messages == 4);
  check_balance(downlink.count());
}

namespace {

/// Messages that come, and are withdrawn, as they are drawn.
Effects wild_effects(std::uint64_t seed, bool reloads) {
  RandomStream draw(seed, Purpose::test);
  const RateProfile rate = RateProfile(BitsPerSecond{1e6 + 2e7 * draw.uniform()});
  const RateProfile fails = rate.scaled(during({{ms(50), ms(80)}}, 0), kNever);
  NodeAbsence absence;
  if (draw.uniform() < 0.5) absence = NodeAbsence({{ms(100), ms(120)}, {ms(200), ms(220)}});
  Downlink downlink(draw.uniform() < 0.5 ? rate : fails, absence);
  Time now{};
  for (std::uint64_t number = 0; number < 300; ++number) {
    now += from_seconds(0.002 * draw.exponential());
    downlink.run_until(now);
    downlink.arrive(message(number, 100 + draw.below(3000)), now + from_seconds(0.003 * draw.uniform()), now);
    if (draw.uniform() < 0.1) downlink.withdraw(draw.below(number + 1), now);
    check_balance(downlink.count());
    if (reloads && number % 7 == 0) downlink.reload();
  }
  downlink.run_until(kNever);
  const LinkCount count = downlink.count();
  CHECK(count.accepted.messages == 300);
  CHECK(count.under_way.messages == 0);
  check_balance(count);
  return downlink.effects;
}

}  // namespace

TEST_CASE("a downlink accounts for every byte, and serves one message at a time, whatever happens") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    Time free{};
    for (const auto& [what, number, begin, end] : wild_effects(seed, false)) {
      if (what == "dropped") continue;
      CHECK(begin >= free);
      free = std::max(begin, end);
    }
  }
}

TEST_CASE("the same arrivals have the same effects, also where the downlink is saved and loaded on the way") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    const Effects effects = wild_effects(seed, false);
    CHECK(effects.size() > 200);
    CHECK(wild_effects(seed, false) == effects);
    CHECK(wild_effects(seed, true) == effects);
  }
}

}  // namespace tardigrad
