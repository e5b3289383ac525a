#include "netem/link/delay_counts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {
namespace {

DelayCounts counted(const std::vector<std::int64_t>& ticks) {
  DelayCounts delays;
  for (const std::int64_t delay : ticks) delays.add(Time(delay));
  return delays;
}

TEST_CASE("short delays are counted as they are") {
  const DelayCounts delays = counted({5, 1, 3, 2, 4});
  CHECK(delays.messages() == 5);
  CHECK(delays.quantile(0.2) == Time(1));
  CHECK(delays.quantile(0.5) == Time(3));
  CHECK(delays.quantile(0.61) == Time(4));
  CHECK(delays.quantile(1) == Time(5));
  CHECK(counted({-7}).quantile(0.5) == Time(0));
  CHECK_FALSE(DelayCounts().quantile(0.5));
}

TEST_CASE("a quantile of delays is known to 0.4 %") {
  RandomStream random(1, Purpose::test);
  std::vector<std::int64_t> ticks;
  for (int i = 0; i < 20'000; ++i) ticks.push_back(std::llround(std::exp2(62 * random.uniform())));
  const DelayCounts delays = counted(ticks);
  std::sort(ticks.begin(), ticks.end());
  for (const double share : {0.0001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(ticks.size())));
    const auto exact = static_cast<double>(ticks[rank - 1]);
    INFO(share);
    CHECK(std::abs(static_cast<double>(delays.quantile(share)->count()) - exact) <= 0.004 * exact);
  }
  const std::vector<std::uint16_t>& steps = delays.steps();
  CHECK(std::is_sorted(steps.begin(), steps.end()));
  CHECK(counted({std::numeric_limits<std::int64_t>::max()}).steps().back() < DelayCounts::kSteps);
}

TEST_CASE("sums of delays depend on no order") {
  DelayCounts one = counted({1'000'000, 2'000'000, 7});
  const DelayCounts other = counted({2'000'000, 9'000'000'000});
  DelayCounts sum = other;
  sum.add(one);
  one.add(other);
  CHECK(one.steps() == sum.steps());
  CHECK(one.counts() == sum.counts());
  CHECK(one.messages() == 5);
}

TEST_CASE("counts of delays come back from an archive, and nothing else does") {
  DelayCounts delays = counted({1, 1, 500, 1'000'000});
  DelayCounts again;
  CHECK(test::load(test::saved(delays), again));
  CHECK(again.steps() == delays.steps());
  CHECK(again.counts() == delays.counts());
  CHECK_FALSE(again.assign({2, 1}, {1, 1}));
  CHECK_FALSE(again.assign({1, 1}, {1, 1}));
  CHECK_FALSE(again.assign({1}, {}));
  CHECK_FALSE(again.assign({DelayCounts::kSteps}, {1}));
  CHECK(again.messages() == 4);
}

}  // namespace
}  // namespace tardigrad
