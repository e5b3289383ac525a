#include "netem/time/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace tardigrad;

namespace {

constexpr Time kMillisecond{1'000'000'000};

double mean_of_draws(const Distribution& distribution, std::uint32_t count) {
  RandomStream stream(1, Purpose::test);
  return to_seconds(draw_sum(distribution, count, stream)) / count;
}

}  // namespace

TEST_CASE("a constant step takes its value and draws nothing") {
  const Distribution steady = Distribution::constant(8 * kMillisecond);
  RandomStream stream(1, Purpose::test);
  RandomStream untouched = stream;
  CHECK(steady.draw(stream) == 8 * kMillisecond);
  CHECK(draw_sum(steady, 128, stream) == 1024 * kMillisecond);
  CHECK(stream() == untouched());
  CHECK(steady.expected() == 8 * kMillisecond);
}

TEST_CASE("every distribution has the mean it was asked for") {
  for (const Distribution& distribution :
       {Distribution::uniform(4 * kMillisecond, 12 * kMillisecond), Distribution::exponential(8 * kMillisecond),
        Distribution::lognormal(8 * kMillisecond, 0.0), Distribution::lognormal(8 * kMillisecond, 0.5),
        Distribution::lognormal(8 * kMillisecond, 1.0)}) {
    CAPTURE(static_cast<int>(distribution.kind));
    CAPTURE(distribution.sigma);
    CHECK(distribution.expected() == 8 * kMillisecond);
    CHECK(mean_of_draws(distribution, 200'000) == doctest::Approx(0.008).epsilon(0.02).scale(0));
  }
}

TEST_CASE("the logarithm of a lognormal draw has the standard deviation sigma") {
  const Distribution distribution = Distribution::lognormal(8 * kMillisecond, 0.5);
  RandomStream stream(1, Purpose::test);
  constexpr int count = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const double logarithm = std::log(to_seconds(distribution.draw(stream)));
    sum += logarithm;
    squares += logarithm * logarithm;
  }
  const double mean = sum / count;
  CHECK(mean == doctest::Approx(std::log(0.008) - 0.125).epsilon(0.005).scale(0));
  CHECK(std::sqrt(squares / count - mean * mean) == doctest::Approx(0.5).epsilon(0.02).scale(0));
}

TEST_CASE("uniform draws fill their range, both ends included") {
  const Distribution distribution = Distribution::uniform(Time(10), Time(13));
  RandomStream stream(1, Purpose::test);
  std::array<int, 4> seen{};
  for (int i = 0; i < 1000; ++i) ++seen.at(static_cast<std::size_t>(distribution.draw(stream).count() - 10));
  CHECK(*std::min_element(seen.begin(), seen.end()) > 150);
  CHECK(Distribution::uniform(Time(7), Time(7)).draw(stream) == Time(7));
}

TEST_CASE("a sum is the sum of its draws") {
  const Distribution distribution = Distribution::exponential(kMillisecond);
  RandomStream stream(1, Purpose::test);
  RandomStream same = stream;
  Time sum{};
  for (int i = 0; i < 10; ++i) sum += distribution.draw(stream);
  CHECK(draw_sum(distribution, 10, same) == sum);
  CHECK(draw_sum(distribution, 0, same) == Time(0));
}

TEST_CASE("a sum too long for the clock is never") {
  RandomStream stream(1, Purpose::test);
  CHECK(draw_sum(Distribution::constant(kNever), 4'000'000'000U, stream) == kNever);
  CHECK(draw_sum(Distribution::uniform(kNever, kNever), 5, stream) == kNever);
}

TEST_CASE("a normal duration is the part of the bell that is not negative") {
  for (const Time mean : {0 * kMillisecond, 3 * kMillisecond, 8 * kMillisecond, 50 * kMillisecond}) {
    const Distribution distribution = Distribution::normal(mean, 4 * kMillisecond);
    CAPTURE(to_seconds(mean));
    CHECK(mean_of_draws(distribution, 200'000) ==
          doctest::Approx(to_seconds(distribution.expected())).epsilon(0.01).scale(0));
    RandomStream stream(2, Purpose::test);
    for (int i = 0; i < 1000; ++i) CHECK(distribution.draw(stream) >= Time(0));
  }
  // Half a bell: the mean of |N(0, 1)| is sqrt(2 / pi).
  CHECK(to_seconds(Distribution::normal(Time(0), kMillisecond).expected()) ==
        doctest::Approx(0.000797884561).epsilon(1e-8).scale(0));
  CHECK(Distribution::normal(kMillisecond, Time(0)).expected() == kMillisecond);
}

TEST_CASE("pareto draws have their mean, their least value and the tail of their shape") {
  const Distribution distribution = Distribution::pareto(9 * kMillisecond, 3);
  CHECK(mean_of_draws(distribution, 400'000) == doctest::Approx(0.009).epsilon(0.01).scale(0));
  RandomStream stream(1, Purpose::test);
  int above_twice = 0;
  for (int i = 0; i < 80'000; ++i) {
    const Time drawn = distribution.draw(stream);
    CHECK(drawn >= 6 * kMillisecond - Time(1));
    above_twice += drawn > 12 * kMillisecond ? 1 : 0;
  }
  CHECK(above_twice == doctest::Approx(10'000).epsilon(0.04).scale(0));  // 1 / 2^3
}
