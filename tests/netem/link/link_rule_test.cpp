#include "netem/link/link_rule.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/time/schedule.hpp"
#include "tests/memory_archive.hpp"
#include "tests/netem/link/numbered_messages.hpp"

namespace tardigrad {
namespace {

using test::Effect;
using test::Effects;
using test::kByteEachMicrosecond;
using test::message;
using test::MessagePtr;
using test::ms;

constexpr Time kLatency = ms(2);

/// A link with an uplink that does what it is told. Keeps the wake-ups until they are due, and notes all else.
class Link {
 public:
  using Rule = LinkRule<MessagePtr, Link>;

  explicit Link(LinkModel model, std::uint64_t seed = 1)
      : model_(std::make_shared<const LinkModel>(std::move(model))), seed_(seed), rule_(model_, true, seed_, 0, 1) {}

  // What it is told.
  void depart(const MessagePtr& m, Time begin, Time end) { rule_.depart(m, begin, end, *this); }
  void withdraw(const MessagePtr& m, Time unserved, Time now) { rule_.withdraw(m, unserved, now, *this); }
  void drop_unsent(const std::set<std::uint64_t>& numbers, Time now) {
    rule_.drop_unsent([&](const MessagePtr& m) { return numbers.count(m->number) > 0; }, now, *this);
  }
  void give_up(const MessagePtr& m, Time now) { rule_.give_up(m, now, *this); }
  void proceed(Time now) {
    has_room = true;
    rule_.proceed(now, *this);
  }
  void sever() { rule_.sever(); }
  /// Lets time go on.
  void run_until(Time end) {
    wake_ups_.run_until(end, [this](LinkWake why, const MessagePtr& m, Time at) { rule_.wake(why, m, at, *this); });
  }
  LinkCount count(Time now) { return rule_.count(now); }

  // What it answers.
  void arrive(const MessagePtr& m, Time head, Time tail) { note("arrives", m, head, tail); }
  void cut_short(const MessagePtr& m, Time unserved, Time at) { note("is cut", m, at, unserved); }
  void wake(Time at, LinkWake why, const MessagePtr& m) { wake_ups_.add(at, why, m); }
  void lost(const MessagePtr& m, Time now) { note("lost", m, now, {}); }
  void retransmit(const MessagePtr& m, Time at) {
    note("again", m, at, {});
    to_retransmit[at] = m;
  }
  bool room_for(const MessagePtr&) const { return has_room; }
  void transmitted(const MessagePtr& m, Time begin, Time now) { note("transmitted", m, begin, now); }
  void interrupted(const MessagePtr& m, Time begin, Time now) { note("interrupted", m, begin, now); }
  void dropped(const std::vector<DroppedMessage<MessagePtr>>& gone, Time now) {
    for (const auto& [m, begin] : gone) note("dropped", m, begin.value_or(kNever), now);
  }

  /// Only the effects of this kind.
  Effects noted(const std::string& what) const { return test::of_kind(effects, what); }
  /// Goes on with a link made from what this one saves. `messages` are those that its user keeps.
  void reload(std::map<std::uint64_t, MessagePtr>& messages) {
    const std::string bytes = test::saved(rule_, wake_ups_, to_retransmit, messages);
    rule_ = Rule(model_, true, seed_, 0, 1);
    REQUIRE(test::load(bytes, rule_, wake_ups_, to_retransmit, messages));
  }

  Effects effects{};
  std::map<Time, MessagePtr> to_retransmit{};
  bool has_room = true;

 private:
  void note(const std::string& what, const MessagePtr& m, Time at, Time until) {
    effects.emplace_back(what, m->number, at, until);
  }

  std::shared_ptr<const LinkModel> model_;
  std::uint64_t seed_;
  Rule rule_;
  test::WakeUps<LinkWake> wake_ups_;
};

LinkModel with_latency() { return {Latency(kLatency), {}, std::nullopt}; }

LinkModel with_rate(RateProfile rate) {
  LinkModel model = with_latency();
  model.rate = std::move(rate);
  return model;
}

LinkModel with_loss(double rate, OnLoss on_loss) {
  LinkModel model = with_latency();
  model.loss.rate = rate;
  model.loss.on_loss = on_loss;
  model.loss.timeout = ms(50);
  return model;
}

/// A seed by which the first messages need so many transmissions.
std::uint64_t seed_of(const LossModel& model, const std::vector<std::uint32_t>& transmissions) {
  for (std::uint64_t seed = 1;; ++seed) {
    PairLoss draws(model, seed, 0, 1);
    if (std::all_of(transmissions.begin(), transmissions.end(),
                    [&](std::uint32_t count) { return draws.next().transmissions == count; })) {
      return seed;
    }
  }
}

void check_balance(const LinkCount& count) {
  CHECK(count.accepted.messages ==
        count.passed.messages + count.dropped.messages + count.lost.messages + count.under_way.messages);
  CHECK(count.accepted.bytes == count.passed.bytes + count.dropped.bytes + count.lost.bytes + count.under_way.bytes);
}

}  // namespace

TEST_CASE("a link passes a message on after its latency, as it came") {
  Link link(with_latency());
  link.depart(message(1), ms(5), ms(13));
  CHECK(link.effects == Effects{{"arrives", 1, ms(7), ms(15)}});
  CHECK(link.count(ms(6)).under_way.messages == 1);
  CHECK(link.count(ms(7)).passed.bytes == 1000);
  CHECK(link.count(ms(7)).busy == ms(8));
}

TEST_CASE("a pair's own rate serves one message after the other, from when it begins to come until it has come") {
  Link link(with_rate(kByteEachMicrosecond));
  link.depart(message(1), ms(0), ms(0));
  link.depart(message(2), ms(0), ms(0));
  link.run_until(ms(1));
  link.depart(message(3), ms(1), ms(5));  // comes more slowly than it could be served
  link.run_until(ms(10));
  CHECK(link.noted("arrives") ==
        Effects{{"arrives", 1, ms(2), ms(3)}, {"arrives", 2, ms(3), ms(4)}, {"arrives", 3, ms(4), ms(7)}});
  CHECK(link.noted("transmitted") ==
        Effects{{"transmitted", 1, ms(0), ms(1)}, {"transmitted", 2, ms(1), ms(2)}, {"transmitted", 3, ms(2), ms(5)}});
  CHECK(link.count(ms(10)).busy == ms(5));
  CHECK(link.count(ms(10)).longest_queue == 2);
}

TEST_CASE("an own rate that another rule applies is not applied again") {
  struct Nothing {
    void arrive(const MessagePtr&, Time at, Time end) { head = at, tail = end; }
    void cut_short(const MessagePtr&, Time, Time) {}
    void wake(Time, LinkWake, const MessagePtr&) {}
    void lost(const MessagePtr&, Time) {}
    void retransmit(const MessagePtr&, Time) {}
    bool room_for(const MessagePtr&) { return true; }
    void transmitted(const MessagePtr&, Time, Time) {}
    void interrupted(const MessagePtr&, Time, Time) {}
    void dropped(const std::vector<DroppedMessage<MessagePtr>>&, Time) {}

    Time head{}, tail{};
  } effects;
  LinkRule<MessagePtr, Nothing> rule(std::make_shared<const LinkModel>(with_rate(kByteEachMicrosecond)), false, 1, 0,
                                     1);
  rule.depart(message(1), ms(3), ms(3), effects);
  CHECK(effects.head == ms(5));
  CHECK(effects.tail == ms(5));
}

TEST_CASE("a lost message is reported when its last byte has left, and passes nowhere") {
  Link link(with_loss(1, OnLoss::drop));
  link.depart(message(1), ms(0), ms(8));
  CHECK(link.count(ms(7)).under_way.messages == 1);
  link.run_until(ms(7));
  CHECK(link.effects.empty());
  link.run_until(ms(100));
  CHECK(link.effects == Effects{{"lost", 1, ms(8), {}}});
  CHECK(link.count(ms(100)).lost.bytes == 1000);
  check_balance(link.count(ms(100)));
}

TEST_CASE("those behind a message that is transmitted again wait until it has come") {
  const LinkModel model = with_loss(0.5, OnLoss::retransmit);
  Link link(model, seed_of(model.loss, {2, 1}));
  const MessagePtr first = message(1);
  link.depart(first, ms(0), ms(8));
  link.depart(message(2), ms(8), ms(16));
  link.run_until(ms(58));
  CHECK(link.effects == Effects{{"lost", 1, ms(8), {}}, {"again", 1, ms(58), {}}});
  link.depart(first, ms(58), ms(66));
  CHECK(link.noted("arrives") == Effects{{"arrives", 1, ms(60), ms(68)}, {"arrives", 2, ms(68), ms(76)}});
  CHECK(link.count(ms(100)).accepted.messages == 3);
  check_balance(link.count(ms(100)));
}

TEST_CASE("a message that is given up lets those behind it pass") {
  const LinkModel model = with_loss(0.5, OnLoss::retransmit);
  Link link(model, seed_of(model.loss, {2, 1}));
  const MessagePtr first = message(1);
  link.depart(first, ms(0), ms(8));
  link.depart(message(2), ms(8), ms(16));
  link.run_until(ms(20));
  link.give_up(first, ms(30));
  CHECK(link.noted("arrives") == Effects{{"arrives", 2, ms(32), ms(40)}});
}

TEST_CASE("what is withdrawn during its transmission arrives in part, and frees the way behind it") {
  Link link(with_latency());
  const MessagePtr first = message(1);
  link.depart(first, ms(0), ms(8));
  link.withdraw(first, ms(5), ms(3));
  link.depart(message(2), ms(3), ms(11));
  CHECK(link.effects ==
        Effects{{"arrives", 1, ms(2), ms(10)}, {"is cut", 1, ms(5), ms(5)}, {"arrives", 2, ms(5), ms(13)}});
  CHECK(link.count(ms(20)).busy == ms(3 + 8));
  check_balance(link.count(ms(20)));
}

TEST_CASE("what is withdrawn while it passes at the own rate is interrupted there, what waits for it is not") {
  for (const bool passes : {true, false}) {
    INFO("passes: " << passes);
    Link link(with_rate(kByteEachMicrosecond));
    if (!passes) link.depart(message(1, 5000), ms(0), ms(0));
    const MessagePtr cut = message(2, 5000);
    link.depart(cut, ms(0), ms(20));
    link.run_until(ms(3));
    link.withdraw(cut, ms(17), ms(3));
    CHECK(link.noted("interrupted") == (passes ? Effects{{"interrupted", 2, ms(0), ms(3)}} : Effects{}));
    CHECK(link.noted("is cut") == (passes ? Effects{{"is cut", 2, ms(5), ms(17)}} : Effects{}));
    link.run_until(ms(100));  // a wake-up that outlives its message changes nothing
    CHECK(link.noted("transmitted").size() == (passes ? 0 : 1));
    CHECK(link.count(ms(100)).dropped.messages == (passes ? 0 : 1));
    check_balance(link.count(ms(100)));
  }
}

TEST_CASE("a flush reaches what waits for the own rate and what passes at it, and lets the next one begin") {
  Link link(with_rate(kByteEachMicrosecond));
  for (std::uint64_t number = 1; number <= 4; ++number) link.depart(message(number), ms(0), ms(0));
  link.run_until(std::chrono::microseconds(1500));
  link.drop_unsent({1, 2, 4}, std::chrono::microseconds(1500));
  CHECK(link.noted("dropped") == Effects{{"dropped", 2, ms(1), std::chrono::microseconds(1500)},
                                         {"dropped", 4, kNever, std::chrono::microseconds(1500)}});
  link.run_until(ms(10));
  CHECK(link.noted("transmitted").back() ==
        Effect{"transmitted", 3, std::chrono::microseconds(1500), std::chrono::microseconds(2500)});
  check_balance(link.count(ms(10)));
}

TEST_CASE("a lost message that is flushed before it sets out again at the own rate lets those behind it pass") {
  LinkModel model = with_loss(0.5, OnLoss::retransmit);
  model.rate = kByteEachMicrosecond;
  Link link(model, seed_of(model.loss, {2, 1, 1}));
  const MessagePtr first = message(1);
  link.depart(first, ms(0), ms(0));
  link.run_until(ms(50));
  link.depart(message(2, 5000), ms(50), ms(50));
  link.depart(first, ms(51), ms(51));
  link.drop_unsent({1}, ms(52));
  CHECK(link.noted("arrives") == Effects{{"arrives", 2, ms(54), ms(59)}});
  link.run_until(ms(100));
  check_balance(link.count(ms(100)));
}

TEST_CASE("a message sets out at the own rate when there is room, and can be flushed until then") {
  Link link(with_rate(kByteEachMicrosecond));
  link.has_room = false;
  link.depart(message(1), ms(0), ms(0));
  link.depart(message(2), ms(0), ms(0));
  link.run_until(ms(5));
  CHECK(link.effects.empty());
  link.drop_unsent({1}, ms(5));
  link.proceed(ms(6));
  CHECK(link.noted("arrives") == Effects{{"arrives", 2, ms(8), ms(9)}});
}

TEST_CASE("nothing passes to a receiver that is gone") {
  Link link(with_latency());
  link.sever();
  link.depart(message(1), ms(0), ms(8));
  CHECK(link.effects.empty());
  CHECK(link.count(ms(0)).absent.bytes == 1000);
  check_balance(link.count(ms(0)));
}

namespace {

LinkModel wild_model(RandomStream& draw) {
  LinkModel model;
  model.latency = Latency(PiecewiseConstant(0.001), Distribution::exponential(ms(3)));
  if (draw.uniform() < 0.7) {
    model.loss.rate = 0.4 * draw.uniform();
    model.loss.on_loss = draw.uniform() < 0.5 ? OnLoss::drop : OnLoss::retransmit;
    model.loss.timeout = ms(20);
    model.loss.most_transmissions = 3;
  }
  if (draw.uniform() < 0.6) {
    const RateProfile rate(BitsPerSecond{2e6 + 8e6 * draw.uniform()});
    model.rate = draw.uniform() < 0.5 ? rate : rate.scaled(during({{ms(100), ms(200)}}, 0), kNever);
  }
  return model;
}

/// A sender that transmits, withdraws, flushes and gives up as it is drawn.
class WildSender {
 public:
  WildSender(std::uint64_t seed, bool reloads)
      : draw_(seed, Purpose::test), reloads_(reloads), link_(wild_model(draw_)) {}

  Link& operator()() {
    for (int step = 0; step < 400; ++step) {
      now_ += from_seconds(0.002 * draw_.exponential());
      link_.run_until(now_);
      act();
      check_balance(link_.count(now_));
      if (reloads_ && step % 7 == 0) link_.reload(messages_);
    }
    link_.run_until(kNever);
    for (const auto& [at, m] : std::exchange(link_.to_retransmit, {})) link_.give_up(m, at);
    return link_;
  }
  Bytes sent() const { return sent_; }

 private:
  void act() {
    const double choice = draw_.uniform();
    if (now_ >= end_ && choice < 0.7) return transmit();
    if (now_ < end_ && choice < 0.1 && again_.count(current_) == 0) {
      link_.withdraw(messages_[current_], end_ - now_, now_);
      link_.give_up(messages_[current_], now_);
      end_ = now_;
    } else if (choice > 0.95) {
      std::set<std::uint64_t> numbers;
      for (const auto& [number, m] : messages_) {
        if (number % 3 == 0 && again_.count(number) == 0) numbers.insert(number);
      }
      link_.drop_unsent(numbers, now_);
      give_up_dropped();
    } else if (choice > 0.9 && !link_.to_retransmit.empty()) {
      link_.give_up(link_.to_retransmit.begin()->second, now_);
      link_.to_retransmit.erase(link_.to_retransmit.begin());
    }
  }

  /// What is flushed before it sets out again is not transmitted any more.
  void give_up_dropped() {
    for (; heard_ < link_.effects.size(); ++heard_) {
      const auto& [what, number, begin, now] = link_.effects[heard_];
      if (what == "dropped" && begin == kNever) link_.give_up(messages_[number], now_);
    }
  }

  void transmit() {
    if (!link_.to_retransmit.empty() && link_.to_retransmit.begin()->first <= now_) {
      current_ = link_.to_retransmit.begin()->second->number;
      again_.insert(current_);
      link_.to_retransmit.erase(link_.to_retransmit.begin());
    } else {
      current_ = messages_.size();
      messages_[current_] = message(current_, 100 + draw_.below(4000));
    }
    sent_ += messages_[current_]->size;
    end_ = now_ + from_seconds(0.003 * draw_.uniform());
    link_.depart(messages_[current_], now_, end_);
  }

  RandomStream draw_;
  bool reloads_;
  Link link_;
  std::map<std::uint64_t, MessagePtr> messages_;
  std::uint64_t current_ = 0;      ///< number of the message that was transmitted last
  std::set<std::uint64_t> again_;  ///< those transmitted more than once
  std::size_t heard_ = 0;          ///< number of effects that have been looked at
  Time now_{}, end_{};
  Bytes sent_ = 0;
};

}  // namespace

TEST_CASE("a link accounts for every byte, and lets no byte overtake another, whatever happens") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    WildSender sender(seed, false);
    Link& link = sender();
    const LinkCount count = link.count(kNever);
    CHECK(count.accepted.bytes == sender.sent());
    CHECK(count.under_way.messages == 0);
    CHECK(count.passed.messages == link.noted("arrives").size());
    CHECK(count.lost.messages == link.noted("lost").size());
    Time previous{};
    for (const auto& [what, number, head, tail] : link.noted("arrives")) {
      CHECK(head >= previous);
      CHECK(tail >= head);
      previous = head;
    }
  }
}

TEST_CASE("the same history has the same effects, also where the link is saved and loaded on the way") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    WildSender once(seed, false), again(seed, false), reloaded(seed, true);
    const Effects effects = once().effects;
    CHECK(effects.size() > 20);
    CHECK(again().effects == effects);
    CHECK(reloaded().effects == effects);
  }
}

}  // namespace tardigrad
