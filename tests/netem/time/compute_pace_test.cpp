#include "netem/time/compute_pace.hpp"

#include <doctest/doctest.h>

#include "netem/base/random_stream.hpp"
#include "netem/time/schedule.hpp"

using namespace tardigrad;

namespace {
constexpr Time s(std::int64_t count) { return std::chrono::seconds(count); }
}  // namespace

TEST_CASE("at the usual pace a round takes its nominal duration to the picosecond") {
  RandomStream random(1, Purpose::test);
  for (int i = 0; i < 1000; ++i) {
    const Time begin(static_cast<std::int64_t>(random.below(1'000'000'000'000'000'000)));
    const Time nominal(static_cast<std::int64_t>(random.below(100'000'000'000'000'000)));
    CHECK(ComputePace().end_of(begin, nominal) == begin + nominal);
  }
}

TEST_CASE("a pause delays a round in progress by its length, and one that begins in it by what is left") {
  const ComputePace pace = ComputePace().scaled(during({{s(10), s(15)}}, 0), s(100));
  CHECK(pace.end_of(s(8), s(2)) == s(10));
  CHECK(pace.end_of(s(8), s(3)) == s(16));
  CHECK(pace.end_of(s(12), s(3)) == s(18));
  CHECK(pace.recovers());
}

TEST_CASE("four times slower means four times as long, for the slow part only") {
  const ComputePace pace = ComputePace().scaled(during({{s(10), s(18)}}, 0.25), s(100));
  CHECK(pace.end_of(s(10), s(1)) == s(14));
  CHECK(pace.end_of(s(9), s(4)) == s(19));
  CHECK(pace.at(s(12)) == 0.25);
}

TEST_CASE("a node paused for ever finishes no round") {
  const ComputePace pace = ComputePace().scaled(during({{s(10), kNever}}, 0), s(100));
  CHECK_FALSE(pace.recovers());
  CHECK(pace.end_of(s(9), s(2)) == kNever);
}
