#include "netem/link/uplink_rule.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "tests/memory_archive.hpp"
#include "tests/netem/link/numbered_messages.hpp"

namespace tardigrad {
namespace {

using test::check_balance;
using test::Effect;
using test::Effects;
using test::kByteEachMicrosecond;
using test::ms;

struct Message {
  std::uint64_t number = 0;
  FragmentId fragment = 0;
  Bytes size = 1000;
  std::uint64_t order = 0;

  void persist(StateArchive& archive) { archive(number, fragment, size, order); }
};
using MessagePtr = std::shared_ptr<const Message>;
using Messages = std::vector<MessagePtr>;

MessagePtr message(const Message& content) { return std::make_shared<const Message>(content); }

/// An uplink with a clock. Keeps the wake-ups until they are due, and notes all else.
class Uplink {
 public:
  using Rule = UplinkRule<MessagePtr, Uplink>;

  explicit Uplink(std::optional<RateProfile> rate, NodeAbsence absence = {}, FragmentId fragments = 1)
      : fragments_(fragments), rate_(std::move(rate)), absence_(std::move(absence)), rule_(make_rule()) {
    rule_.begin(*this);
  }

  // What it is told.
  void report(FragmentId fragment, bool flush, const Messages& messages, Time now) {
    if (flush) rule_.flush(fragment, now, *this);
    for (const MessagePtr& m : messages) rule_.accept(m, now, *this);
    rule_.serve_soon(true, now, *this);
  }
  void send(const Messages& messages, Time now) { report(0, false, messages, now); }
  void flush(Time now) { report(0, true, {}, now); }
  void lose(const MessagePtr& m, Time at) { rule_.lose(m, at, *this); }
  void transmitted(const MessagePtr& m, Time now) { rule_.transmitted(m, now, *this); }
  void dropped_beyond(const MessagePtr& m, Time now) { rule_.dropped(m, now, *this); }
  void proceed(Time now) {
    has_room = true;
    rule_.proceed(now, *this);
  }
  /// Lets time go on.
  void run_until(Time end) {
    wake_ups_.run_until(end, [this](UplinkWake why, const MessagePtr& m, Time at) { rule_.wake(why, m, at, *this); });
  }
  LinkCount count() const { return rule_.count(); }

  // What it answers.
  void wake(Time at, UplinkWake why, const MessagePtr& m) { wake_ups_.add(at, why, m); }
  bool room_for(const MessagePtr&) const { return has_room; }
  void depart(const MessagePtr& m, Time begin, Time end) { note("departs", m, begin, end); }
  void withdraw(const MessagePtr& m, Time unserved, Time now) { note("withdrawn", m, now, unserved); }
  void give_up(const MessagePtr& m, Time now) { note("given up", m, now, now); }
  void hand_over(const Messages& messages, Time now) {
    for (const MessagePtr& m : messages) {
      note("handed over", m, now, now);
      beyond.push_back(m);
    }
  }
  void drop_handed_over(std::optional<FragmentId>, Time now) {
    effects.emplace_back("to be dropped", beyond.size(), now, now);
  }
  bool served(const MessagePtr& m, Time, Time) {
    if (links_apply_rates) beyond.push_back(m);
    return links_apply_rates;
  }
  void cut(const MessagePtr& m, Time begin, Time now) { note("cut", m, begin, now); }
  void dropped(const MessagePtr& m, Time now) { note("dropped", m, now, now); }

  /// Only the effects of this kind.
  Effects noted(const std::string& what) const { return test::of_kind(effects, what); }
  /// Goes on with an uplink made from what this one saves.
  void reload() {
    const std::string bytes = test::saved(rule_, wake_ups_, beyond);
    rule_ = make_rule();
    REQUIRE(test::load(bytes, rule_, wake_ups_, beyond));
  }

  Effects effects{};
  Messages beyond{};  ///< handed over, and neither transmitted nor dropped yet
  bool links_apply_rates = false;
  bool has_room = true;

 private:
  Rule make_rule() const { return Rule(fragments_, absence_, rate_); }
  void note(const std::string& what, const MessagePtr& m, Time at, Time until) {
    effects.emplace_back(what, m->number, at, until);
  }

  FragmentId fragments_;
  std::optional<RateProfile> rate_;
  NodeAbsence absence_;
  Rule rule_;
  test::WakeUps<UplinkWake, MessagePtr> wake_ups_{};
};

}  // namespace

TEST_CASE("messages of one instant go out by their order, whichever fragment reports first") {
  Uplink uplink(kByteEachMicrosecond, {}, 2);
  uplink.report(1, false, {message({1, 1, 1000, 7}), message({2, 1, 1000, 3})}, ms(0));
  uplink.run_until(ms(0));
  CHECK(uplink.effects.empty());
  uplink.report(0, false, {message({3, 0, 2000, 3})}, ms(0));
  uplink.run_until(ms(10));
  CHECK(uplink.effects ==
        Effects{{"departs", 3, ms(0), ms(2)}, {"departs", 2, ms(2), ms(3)}, {"departs", 1, ms(3), ms(4)}});
  CHECK(uplink.count().busy == ms(4));
  CHECK(uplink.count().longest_queue == 3);
}

TEST_CASE("a flush drops what is not transmitted of its fragment, and frees the uplink at once") {
  Uplink uplink(kByteEachMicrosecond);
  uplink.send({message({1, 0}), message({2, 0, 5000}), message({3, 1}), message({4, 0})}, ms(0));
  uplink.run_until(ms(2));
  uplink.flush(ms(2));
  uplink.run_until(ms(10));
  CHECK(uplink.effects == Effects{{"departs", 1, ms(0), ms(1)},
                                  {"departs", 2, ms(1), ms(6)},
                                  {"cut", 2, ms(1), ms(2)},
                                  {"withdrawn", 2, ms(2), ms(4)},
                                  {"dropped", 4, ms(2), ms(2)},
                                  {"departs", 3, ms(2), ms(3)}});
  CHECK(uplink.count().passed.messages == 2);
  CHECK(uplink.count().dropped.bytes == 6000);
  check_balance(uplink.count());
}

TEST_CASE("what is flushed and sent at one instant takes the place of what was there") {
  Uplink uplink(kByteEachMicrosecond);
  uplink.send({message({1}), message({2})}, ms(0));
  uplink.run_until(ms(0));
  uplink.report(0, true, {message({3})}, ms(0));
  uplink.run_until(ms(10));
  CHECK(uplink.noted("departs") == Effects{{"departs", 1, ms(0), ms(1)}, {"departs", 3, ms(0), ms(1)}});
}

TEST_CASE("where a link has a rate of its own a message is transmitted when that has, and can be flushed until then") {
  Uplink uplink(kByteEachMicrosecond);
  uplink.links_apply_rates = true;
  const Messages sent{message({1}), message({2})};
  uplink.send(sent, ms(0));
  uplink.run_until(ms(5));
  CHECK(uplink.beyond == sent);
  CHECK(uplink.count().passed.messages == 0);
  CHECK(uplink.count().under_way.messages == 2);
  uplink.transmitted(sent[0], ms(6));
  uplink.flush(ms(7));
  CHECK(uplink.noted("to be dropped").size() == 1);
  uplink.dropped_beyond(sent[1], ms(7));
  CHECK(uplink.count().passed.messages == 1);
  CHECK(uplink.count().dropped.messages == 1);
  check_balance(uplink.count());
  uplink.flush(ms(8));  // nothing is left that could be dropped
  CHECK(uplink.noted("to be dropped").size() == 1);
}

TEST_CASE("without a rate, what is handed over departs when it has been transmitted") {
  Uplink uplink(std::nullopt);
  const Messages sent{message({1}), message({2})};
  uplink.send(sent, ms(0));
  uplink.run_until(ms(0));
  CHECK(uplink.effects == Effects{{"handed over", 1, ms(0), ms(0)}, {"handed over", 2, ms(0), ms(0)}});
  uplink.transmitted(sent[1], ms(3));
  CHECK(uplink.noted("departs") == Effects{{"departs", 2, ms(3), ms(3)}});
  CHECK(uplink.count().longest_queue == 2);
  CHECK(uplink.count().under_way.messages == 1);
}

TEST_CASE("nothing is handed over while there is no room for what has been transmitted") {
  Uplink uplink(std::nullopt);
  const MessagePtr first = message({1});
  uplink.send({first}, ms(0));
  uplink.run_until(ms(0));
  uplink.has_room = false;
  uplink.transmitted(first, ms(1));
  uplink.send({message({2}), message({3, 1})}, ms(2));
  uplink.run_until(ms(2));
  uplink.flush(ms(3));
  uplink.run_until(ms(3));
  CHECK(uplink.noted("dropped") == Effects{{"dropped", 2, ms(3), ms(3)}});
  uplink.proceed(ms(4));
  CHECK(uplink.noted("departs") == Effects{{"departs", 1, ms(4), ms(4)}});
  CHECK(uplink.noted("handed over").back() == Effect{"handed over", 3, ms(4), ms(4)});
  check_balance(uplink.count());
}

TEST_CASE("with a rate, a message sets out when there is room, and can be flushed until then") {
  Uplink uplink(kByteEachMicrosecond);
  uplink.has_room = false;
  uplink.send({message({1}), message({2, 1})}, ms(0));
  uplink.run_until(ms(1));
  uplink.flush(ms(1));
  uplink.run_until(ms(1));
  uplink.proceed(ms(2));
  CHECK(uplink.noted("departs") == Effects{{"departs", 2, ms(2), ms(3)}});
}

TEST_CASE("a node that leaves drops what it has not sent, and accepts nothing until it is back") {
  Uplink uplink(kByteEachMicrosecond, NodeAbsence({{ms(2), ms(5)}, {ms(8), ms(9)}}));
  uplink.send({message({1, 0}), message({2, 1, 4000}), message({3, 2})}, ms(0));
  uplink.run_until(ms(3));
  uplink.send({message({4})}, ms(3));
  uplink.run_until(ms(5));
  uplink.send({message({5, 0, 5000})}, ms(5));
  uplink.run_until(ms(20));
  CHECK(uplink.noted("departs") ==
        Effects{{"departs", 1, ms(0), ms(1)}, {"departs", 2, ms(1), ms(5)}, {"departs", 5, ms(5), ms(10)}});
  CHECK(uplink.noted("cut") == Effects{{"cut", 2, ms(1), ms(2)}, {"cut", 5, ms(5), ms(8)}});
  CHECK(uplink.noted("dropped") == Effects{{"dropped", 3, ms(2), ms(2)}, {"dropped", 4, ms(3), ms(3)}});
  check_balance(uplink.count());
}

TEST_CASE("a lost message is transmitted again behind those that wait, unless a flush gives it up") {
  for (const bool flushes : {false, true}) {
    INFO("flushes: " << flushes);
    Uplink uplink(kByteEachMicrosecond);
    const MessagePtr lost = message({1});
    uplink.send({lost, message({2, 1, 8000})}, ms(0));
    uplink.run_until(ms(1));
    uplink.lose(lost, ms(5));
    uplink.run_until(ms(4));
    if (flushes) uplink.flush(ms(4));
    uplink.run_until(ms(20));
    CHECK(uplink.noted("departs").size() == (flushes ? 2 : 3));
    CHECK(uplink.noted("given up") == (flushes ? Effects{{"given up", 1, ms(4), ms(4)}} : Effects{}));
    if (!flushes) CHECK(uplink.noted("departs").back() == Effect{"departs", 1, ms(9), ms(10)});
    CHECK(uplink.count().accepted.messages == (flushes ? 2 : 3));
    check_balance(uplink.count());
  }
}

TEST_CASE("a lost message that is dropped before it sets out again is given up") {
  for (const bool has_rate : {true, false}) {
    INFO("has a rate: " << has_rate);
    Uplink uplink(has_rate ? std::optional<RateProfile>(kByteEachMicrosecond) : std::nullopt);
    const MessagePtr lost = message({1});
    uplink.send({lost, message({2, 1, 8000})}, ms(0));
    uplink.run_until(ms(1));
    if (!has_rate) uplink.transmitted(lost, ms(1));
    uplink.lose(lost, ms(3));
    uplink.run_until(ms(4));
    uplink.flush(ms(4));
    if (!has_rate) uplink.dropped_beyond(lost, ms(4));
    uplink.run_until(ms(20));
    CHECK(uplink.noted("given up") == Effects{{"given up", 1, ms(4), ms(4)}});
    CHECK(uplink.noted("departs").size() == (has_rate ? 2 : 1));
    check_balance(uplink.count());
  }
}

namespace {

struct WildUplink {
  Effects effects;
  LinkCount count;
};

/// Sends, flushes, loses and transmits what is handed over, as it is drawn.
WildUplink wild_uplink(std::uint64_t seed, bool reloads) {
  RandomStream draw(seed, Purpose::test);
  std::optional<RateProfile> rate;
  if (draw.uniform() < 0.6) rate = RateProfile(BitsPerSecond{2e6 + 2e7 * draw.uniform()});
  NodeAbsence absence;
  if (draw.uniform() < 0.5) absence = NodeAbsence({{ms(100), ms(120)}, {ms(200), ms(220)}});
  Uplink uplink(rate, absence, 2);
  uplink.links_apply_rates = rate && draw.uniform() < 0.5;
  Time now{};
  for (std::uint64_t step = 0; step < 200; ++step) {
    now += from_seconds(0.002 * draw.exponential());
    uplink.run_until(now);
    if (draw.uniform() < 0.5) {
      const bool flush = draw.uniform() < 0.3;
      for (const FragmentId fragment : {1U, 0U}) {
        uplink.report(fragment, flush,
                      {message({10 * step + fragment, fragment, 100 + draw.below(3000), draw.below(5)})}, now);
      }
    }
    if (!uplink.beyond.empty() && draw.uniform() < 0.6) {
      const MessagePtr first = uplink.beyond.front();
      uplink.beyond.erase(uplink.beyond.begin());
      draw.uniform() < 0.8 ? uplink.transmitted(first, now) : uplink.dropped_beyond(first, now);
    }
    if (draw.uniform() < 0.1)
      uplink.lose(message({10 * step + 5, static_cast<FragmentId>(draw.below(2))}), now + ms(3));
    if (draw.uniform() < 0.1) uplink.has_room = false;
    if (draw.uniform() < 0.3) uplink.proceed(now);
    check_balance(uplink.count());
    if (reloads && step % 7 == 0) uplink.reload();
  }
  uplink.proceed(now);
  uplink.run_until(kNever);
  return {uplink.effects, uplink.count()};
}

}  // namespace

TEST_CASE("an uplink accounts for every byte, and transmits one message at a time, whatever happens") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    const WildUplink wild = wild_uplink(seed, false);
    check_balance(wild.count);
    Time free{};
    for (const auto& [what, number, begin, end] : wild.effects) {
      if (what == "departs") {
        CHECK(begin >= free);
        free = end;
      } else if (what == "cut") {
        free = end;
      }
    }
  }
}

TEST_CASE("the same reports have the same effects, also where the uplink is saved and loaded on the way") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    const Effects effects = wild_uplink(seed, false).effects;
    CHECK(effects.size() > 50);
    CHECK(wild_uplink(seed, false).effects == effects);
    CHECK(wild_uplink(seed, true).effects == effects);
  }
}

}  // namespace tardigrad
