#include "netem/link/latency.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace tardigrad;

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

Latency jittered(Distribution jitter) { return {PiecewiseConstant(0.002), jitter}; }

}  // namespace

TEST_CASE("a constant latency moves head and tail by itself exactly") {
  PairLatency link(ms(2), 1, 0, 1);
  RandomStream random(1, Purpose::test);
  Time begin{};
  for (int i = 0; i < 1000; ++i) {
    const Time end = begin + Time(static_cast<std::int64_t>(random.below(1'000'000'000'000)));
    const Arrival arrival = link.pass(begin, end);
    CHECK(arrival.head == begin + ms(2));
    CHECK(arrival.tail == end + ms(2));
    begin = end + Time(static_cast<std::int64_t>(random.below(10)));
  }
}

TEST_CASE("no byte overtakes one that went in before it, whatever the jitter") {
  for (const Distribution& jitter :
       {Distribution::uniform(ms(0), ms(100)), Distribution::exponential(ms(50)), Distribution::normal(ms(50), ms(50)),
        Distribution::lognormal(ms(50), 1.5), Distribution::pareto(ms(50), 1.2)}) {
    PairLatency link(jittered(jitter), 1, 3, 4);
    RandomStream random(2, Purpose::test);
    Time begin{};
    Time last_tail{};
    bool queued = false;
    for (int i = 0; i < 2000; ++i) {
      const Time end = begin + from_seconds(0.01 * random.uniform());
      const Arrival arrival = link.pass(begin, end);
      CHECK(arrival.head >= begin + ms(2));
      CHECK(arrival.head >= last_tail);
      CHECK(arrival.tail - arrival.head == end - begin);
      queued = queued || arrival.head == last_tail;
      last_tail = arrival.tail;
      begin = end;
    }
    CHECK(queued);
  }
}

TEST_CASE("without contention a message is late by its own draw") {
  constexpr int count = 20'000;
  PairLatency link(jittered(Distribution::exponential(ms(5))), 1, 3, 4);
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const Time begin = i * ms(1000);
    sum += to_seconds(link.pass(begin, begin + ms(1)).head - begin);
  }
  CHECK(sum / count == doctest::Approx(0.007).epsilon(0.02).scale(0));
}

TEST_CASE("a message cut short holds up the next only by the bytes that went in") {
  PairLatency link(jittered(Distribution::constant(ms(8))), 1, 0, 1);
  CHECK(link.pass(ms(0), ms(100)).tail == ms(110));
  link.cut(ms(70));  // withdrawn at 30 ms
  CHECK(link.pass(ms(30), ms(40)).head == ms(40));
}

TEST_CASE("draws depend on seed, pair and message number and on nothing else") {
  const auto heads = [](std::uint64_t seed, NodeId from, NodeId to) {
    PairLatency link(jittered(Distribution::exponential(ms(5))), seed, from, to);
    std::vector<Time> out;
    for (int i = 0; i < 20; ++i) out.push_back(link.pass(i * ms(1000), i * ms(1000)).head);
    return out;
  };
  CHECK(heads(1, 2, 3) == heads(1, 2, 3));
  CHECK(heads(1, 2, 3) != heads(2, 2, 3));
  CHECK(heads(1, 2, 3) != heads(1, 3, 2));
  CHECK(heads(1, 2, 3) != heads(1, 2, 4));
}

TEST_CASE("a latency that changes over time is that of the moment at which the head goes in") {
  const auto base = PiecewiseConstant::held({{ms(0), 0.010}, {ms(100), 0.050}, {ms(200), 0.010}});
  PairLatency link(Latency(base, {}), 1, 0, 1);
  CHECK(link.pass(ms(99), ms(99)).head == ms(109));
  CHECK(link.pass(ms(199), ms(199)).head == ms(249));
  CHECK(link.pass(ms(200), ms(200)).head == ms(249));  // behind the one before it
}
