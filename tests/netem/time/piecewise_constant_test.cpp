#include "netem/time/piecewise_constant.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "netem/base/random_stream.hpp"

using namespace tardigrad;

namespace {

constexpr Time s(std::int64_t count) { return std::chrono::seconds(count); }

/// Up to `steps` steps of 0 to 2 s with values from 0 (one in four) to 10, looped or held.
PiecewiseConstant random_function(RandomStream& random, bool looped) {
  std::vector<PiecewiseConstant::Step> steps;
  Time at{};
  const std::uint64_t count = 2 + random.below(8);
  for (std::uint64_t i = 0; i < count; ++i) {
    steps.push_back({at, random.below(4) == 0 ? 0 : 1 + 9 * random.uniform()});
    at += Time(1) + from_seconds(2 * random.uniform());
  }
  steps.back().value = 5;
  return looped ? PiecewiseConstant::looped(steps, at) : PiecewiseConstant::held(steps);
}

}  // namespace

TEST_CASE("a step holds from its begin until the next begins") {
  const auto function = PiecewiseConstant::held({{s(0), 1}, {s(10), 3}, {s(20), 0}});
  CHECK(function.at(s(0)) == 1);
  CHECK(function.at(s(10) - Time(1)) == 1);
  CHECK(function.at(s(10)) == 3);
  CHECK(function.at(s(1000)) == 0);
  CHECK(function.next_change(s(0)) == s(10));
  CHECK(function.next_change(s(10)) == s(20));
  CHECK(function.next_change(s(20)) == kNever);
  CHECK(function.integral(s(5), s(30)) == doctest::Approx(5 + 30));
  CHECK(function.highest() == 3);
}

TEST_CASE("steps of one value are one constant") {
  const auto function = PiecewiseConstant::held({{s(0), 2}, {s(1), 2}, {s(2), 2}});
  CHECK(function.is_constant());
  CHECK(function.at(s(5)) == 2);
  CHECK(PiecewiseConstant::looped({{s(0), 2}, {s(1), 2}}, s(3)).is_constant());
}

TEST_CASE("a loop repeats for ever") {
  const auto function = PiecewiseConstant::looped({{s(0), 1}, {s(2), 3}}, s(5));
  for (int lap = 0; lap < 4; ++lap) {
    CHECK(function.at(lap * s(5) + s(1)) == 1);
    CHECK(function.at(lap * s(5) + s(4)) == 3);
    CHECK(function.next_change(lap * s(5)) == lap * s(5) + s(2));
    CHECK(function.next_change(lap * s(5) + s(2)) == (lap + 1) * s(5));
  }
  CHECK(function.integral(s(1), s(11)) == doctest::Approx(2 * 11));
}

TEST_CASE("shifting by a period changes no result of a loop") {
  RandomStream random(3, Purpose::test);
  for (int i = 0; i < 200; ++i) {
    const Time period = s(7) + Time(static_cast<std::int64_t>(random.below(1'000'000)));
    const auto function = PiecewiseConstant::looped({{s(0), 4}, {s(1), 0}, {s(3), 9}}, period);
    const Time begin = from_seconds(7 * random.uniform());
    const double amount = 200 * random.uniform();
    CHECK(function.reach(begin + 3 * period, amount) == function.reach(begin, amount) + 3 * period);
  }
}

TEST_CASE("many laps at once are the same as each in turn") {
  const auto loop = PiecewiseConstant::looped({{s(0), 4}, {s(1), 0}, {s(2), 1}}, s(5));  // 7 a lap
  CHECK(loop.reach(s(3), 7.0 * 200'000) == s(3) + 200'000 * s(5));
  CHECK(loop.reach(s(0), 7.0 * 200'000 + 4.5) == 200'000 * s(5) + s(2) + std::chrono::milliseconds(500));
  CHECK(loop.reach(s(0), 1e300) == kNever);
}

TEST_CASE("what has accumulated at the moment reached is the amount asked for") {
  RandomStream random(1, Purpose::test);
  for (int i = 0; i < 2000; ++i) {
    const auto function = random_function(random, i % 2 == 0);
    const Time begin = from_seconds(20 * random.uniform());
    const double amount = 100 * random.uniform();
    const Time end = function.reach(begin, amount);
    REQUIRE(end < kNever);
    // Half a picosecond of the highest value, and the sum's rounding.
    CHECK(std::abs(function.integral(begin, end) - amount) < 10e-12);
  }
}

TEST_CASE("one amount after the other takes as long as both at once") {
  RandomStream random(2, Purpose::test);
  for (int i = 0; i < 2000; ++i) {
    const auto function = random_function(random, i % 2 == 0);
    const Time begin = from_seconds(20 * random.uniform());
    const double first = 50 * random.uniform();
    const double second = 50 * random.uniform();
    const Time apart = function.reach(function.reach(begin, first), second);
    const Time together = function.reach(begin, first + second);
    // A picosecond at ten times the value, whichever side of an outage it falls on.
    CHECK(std::abs(function.integral(std::min(apart, together), std::max(apart, together))) < 30e-12);
  }
}

TEST_CASE("the latest begin reaches the end and no later one does") {
  RandomStream random(4, Purpose::test);
  for (int i = 0; i < 2000; ++i) {
    const auto function = random_function(random, i % 2 == 0);
    const Time begin = from_seconds(20 * random.uniform());
    const double amount = 0.1 + 50 * random.uniform();
    const Time end = function.reach(begin, amount);
    const Time latest = function.latest_begin(end, amount, Time{});
    constexpr Time rounding{12};  // half a picosecond of the highest value at the lowest, twice
    CHECK(latest >= begin - rounding);
    CHECK(function.integral(begin, latest) < 15e-12);  // later than begin only by an outage
    CHECK(function.reach(latest, amount) <= end + rounding);
    CHECK(function.reach(latest + 2 * rounding, amount) > end);
  }
}

TEST_CASE("the latest begin is never before the first that is allowed") {
  const auto function = PiecewiseConstant::held({{s(0), 1}, {s(10), 2}});
  CHECK(function.latest_begin(s(12), 6, s(0)) == s(8));
  CHECK(function.latest_begin(s(12), 6, s(9)) == s(9));
  CHECK(function.latest_begin(s(12), 4, s(9)) == s(10));
  CHECK(function.latest_begin(s(12), 1000, s(3)) == s(3));
  CHECK(function.latest_begin(kNever, 1, s(3)) == kNever);
  CHECK(PiecewiseConstant(2).latest_begin(s(12), 6, s(0)) == s(9));
  CHECK(PiecewiseConstant(2).latest_begin(s(12), 6, s(10)) == s(10));
  CHECK(PiecewiseConstant(0).latest_begin(s(12), 6, s(1)) == s(1));
}

TEST_CASE("nothing accumulates during an outage, and never ends in one that stays") {
  const auto function = PiecewiseConstant::held({{s(0), 1}, {s(10), 0}, {s(20), 1}});
  CHECK(function.recovers());
  CHECK(function.reach(s(9), 1) == s(10));
  CHECK(function.reach(s(9), 2) == s(21));
  CHECK(function.reach(s(12), 0) == s(20));
  const auto dead = PiecewiseConstant::held({{s(0), 1}, {s(10), 0}});
  CHECK_FALSE(dead.recovers());
  CHECK(dead.reach(s(9), 1) == s(10));
  CHECK(dead.reach(s(9), 1.001) == kNever);
  CHECK_FALSE(PiecewiseConstant(0).recovers());
  CHECK(PiecewiseConstant(0).reach(s(0), 0) == kNever);
  CHECK(PiecewiseConstant::looped({{s(0), 1}, {s(10), 0}}, s(11)).recovers());
}

TEST_CASE("a product is the product at every moment") {
  RandomStream random(5, Purpose::test);
  for (int i = 0; i < 300; ++i) {
    const auto a = random_function(random, i % 2 == 0);
    const auto b = random_function(random, i % 3 == 0);
    const auto both = product(a, b, s(30));
    for (int k = 0; k < 50; ++k) {
      const Time at = from_seconds(30 * random.uniform());
      CHECK(both.at(at) == a.at(at) * b.at(at));
    }
  }
}

TEST_CASE("a constant factor keeps a loop a loop") {
  const auto loop = PiecewiseConstant::looped({{s(0), 1}, {s(2), 3}}, s(5));
  const auto doubled = product(PiecewiseConstant(2), loop, s(1));
  CHECK(doubled.at(s(5'000'002)) == 6);
  CHECK(product(loop, PiecewiseConstant(0), s(1)).is_constant());
}

TEST_CASE("past the horizon a product recovers if both factors do") {
  const auto loop = PiecewiseConstant::looped({{s(0), 1}, {s(2), 0}}, s(5));
  const auto outage = PiecewiseConstant::held({{s(0), 1}, {s(7), 0}, {s(9), 1}});
  const auto death = PiecewiseConstant::held({{s(0), 1}, {s(70), 0}});
  CHECK(product(loop, outage, s(8)).recovers());
  CHECK(product(loop, outage, s(13)).recovers());
  CHECK_FALSE(product(loop, death, s(30)).recovers());
  CHECK_FALSE(product(outage, death, s(30)).recovers());
  CHECK(product(outage, death, s(1)).at(s(69)) == 1);
}

TEST_CASE("steps that are no function of time are refused") {
  using Steps = std::vector<PiecewiseConstant::Step>;
  for (const Steps& steps :
       {Steps{}, Steps{{s(1), 1}}, Steps{{s(0), 1}, {s(0), 2}}, Steps{{s(0), 1}, {s(2), 2}, {s(1), 3}},
        Steps{{s(0), -1}}, Steps{{s(0), std::nan("")}}, Steps{{s(0), INFINITY}}}) {
    CHECK_THROWS_AS(PiecewiseConstant::held(steps), std::invalid_argument);
  }
  CHECK_THROWS_AS(PiecewiseConstant::looped({{s(0), 1}, {s(2), 2}}, s(2)), std::invalid_argument);
}
