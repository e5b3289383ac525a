#include "netem/base/random_stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

using namespace tardigrad;

namespace {

RandomStream test_stream(std::uint64_t entity = 0) { return RandomStream(1, Purpose::test, entity); }

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <class Draw>
Moments moments_of(int count, Draw draw) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(draw());
  Moments moments;
  for (const double value : values) moments.mean += value / count;
  for (const double value : values) moments.variance += (value - moments.mean) * (value - moments.mean) / count;
  return moments;
}

/// Sum of (observed - expected)^2 / expected, with all cells equally likely.
double chi_squared(const std::vector<int>& observed) {
  const double expected = std::accumulate(observed.begin(), observed.end(), 0.0) / static_cast<double>(observed.size());
  double sum = 0;
  for (const int count : observed) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

/// Chi-squared has mean m and variance 2 m for m degrees of freedom: seven deviations above.
bool looks_uniform(const std::vector<int>& observed) {
  const double freedom = static_cast<double>(observed.size() - 1);
  return chi_squared(observed) < freedom + 7 * std::sqrt(2 * freedom);
}

}  // namespace

TEST_CASE("Philox4x32-10 gives the known answers of its authors' library") {
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  CHECK(philox4x32({ones, ones, ones, ones}, {ones, ones}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream repeats itself and a copy goes on where the original stood") {
  RandomStream stream = test_stream();
  RandomStream again = test_stream();
  for (int i = 0; i < 7; ++i) CHECK(stream() == again());
  stream.normal();
  RandomStream copy = stream;
  for (int i = 0; i < 7; ++i) CHECK(stream.normal() == copy.normal());
}

TEST_CASE("streams are the same in every version of the program") {
  RandomStream stream(1, Purpose::recipients, 2, 3);
  CHECK(stream() == 0x6fc09b696ff018ceULL);
  CHECK(stream() == 0x867e61b22f9c02b2ULL);
  CHECK(stream() == 0xca8f2f118da9f359ULL);
}

TEST_CASE("seed, purpose, entity and index each make another stream") {
  std::set<std::uint64_t> firsts;
  std::size_t streams = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    for (const Purpose purpose : {Purpose::initial_model, Purpose::partition, Purpose::minibatches, Purpose::test}) {
      for (std::uint64_t entity = 0; entity < 32; ++entity) {
        for (std::uint64_t index = 0; index < 32; ++index) {
          firsts.insert(RandomStream(seed, purpose, entity, index)());
          firsts.insert(RandomStream(seed, purpose, entity << 32, index << 32 | 1U << 31)());
          streams += 2;
        }
      }
    }
  }
  // Entity 0 is met twice with different indices, never with the same: all first numbers differ.
  CHECK(firsts.size() == streams);
}

TEST_CASE("streams of neighbouring nodes and rounds are uncorrelated") {
  const auto correlation = [](RandomStream a, RandomStream b) {
    double sum = 0;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5) * 12;
    return sum / count;
  };
  // Standard deviation 1 / sqrt(100,000) = 0.0032.
  CHECK(std::abs(correlation({1, Purpose::test, 5, 0}, {1, Purpose::test, 6, 0})) < 0.02);
  CHECK(std::abs(correlation({1, Purpose::test, 5, 0}, {1, Purpose::test, 5, 1})) < 0.02);
  CHECK(std::abs(correlation({1, Purpose::test, 5, 0}, {2, Purpose::test, 5, 0})) < 0.02);
  CHECK(std::abs(correlation({1, Purpose::loss, 5, 0}, {1, Purpose::topology, 5, 0})) < 0.02);
}

TEST_CASE("the first draws of many nodes are uniform over the nodes") {
  std::vector<int> cells(64);
  for (std::uint64_t node = 0; node < 64'000; ++node) ++cells[test_stream(node).below(64)];
  CHECK(looks_uniform(cells));
}

TEST_CASE("uniform draws lie from 0 to below 1 with mean 1/2 and variance 1/12") {
  RandomStream stream = test_stream();
  double smallest = 1;
  double largest = 0;
  const Moments moments = moments_of(200'000, [&] {
    const double value = stream.uniform();
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
    return value;
  });
  CHECK(smallest >= 0);
  CHECK(largest < 1);
  CHECK(moments.mean == doctest::Approx(0.5).epsilon(0.01));
  CHECK(moments.variance == doctest::Approx(1.0 / 12).epsilon(0.02));
}

TEST_CASE("below is uniform and stays below") {
  RandomStream stream = test_stream();
  std::vector<int> cells(7);
  for (int i = 0; i < 70'000; ++i) ++cells.at(stream.below(7));
  CHECK(looks_uniform(cells));
  for (int i = 0; i < 100; ++i) CHECK(stream.below(1) == 0);
}

TEST_CASE("below rejects what would favour small numbers") {
  // Three quarters of the range: without rejection a third of the results would come twice as often.
  const std::uint64_t bound = 3ULL << 62;
  RandomStream stream = test_stream();
  std::vector<int> cells(3);
  std::vector<int> parity(3);
  for (int i = 0; i < 60'000; ++i) {
    const std::uint64_t value = stream.below(bound);
    ++cells.at(value >> 62);
    ++parity.at(value % 3);
  }
  CHECK(looks_uniform(cells));
  CHECK(looks_uniform(parity));
}

TEST_CASE("normal draws have the moments of the standard normal") {
  RandomStream stream = test_stream();
  const Moments moments = moments_of(200'000, [&] { return stream.normal(); });
  CHECK(std::abs(moments.mean) < 0.02);
  CHECK(moments.variance == doctest::Approx(1).epsilon(0.03));
  const Moments fourth = moments_of(200'000, [&] { return std::pow(stream.normal(), 4); });
  CHECK(fourth.mean == doctest::Approx(3).epsilon(0.1));
  const Moments within_one = moments_of(200'000, [&] { return std::abs(stream.normal()) < 1 ? 1.0 : 0.0; });
  CHECK(within_one.mean == doctest::Approx(0.682689).epsilon(0.02));
}

TEST_CASE("exponential draws have mean and variance 1 and forget the past") {
  RandomStream stream = test_stream();
  const Moments moments = moments_of(200'000, [&] { return stream.exponential(); });
  CHECK(moments.mean == doctest::Approx(1).epsilon(0.02));
  CHECK(moments.variance == doctest::Approx(1).epsilon(0.05));
  const Moments beyond_two = moments_of(200'000, [&] { return stream.exponential() > 2 ? 1.0 : 0.0; });
  CHECK(beyond_two.mean == doctest::Approx(std::exp(-2)).epsilon(0.05));
}

TEST_CASE("gamma draws have mean and variance equal to the shape") {
  for (const double shape : {0.1, 0.5, 1.0, 2.5, 40.0}) {
    CAPTURE(shape);
    RandomStream stream = test_stream();
    const Moments moments = moments_of(200'000, [&] { return stream.gamma(shape); });
    CHECK(moments.mean == doctest::Approx(shape).epsilon(0.05));
    CHECK(moments.variance == doctest::Approx(shape).epsilon(0.1));
  }
}

TEST_CASE("every order of a shuffle is equally likely") {
  RandomStream stream = test_stream();
  std::map<std::vector<int>, int> orders;
  for (int i = 0; i < 24'000; ++i) {
    std::vector<int> items = {1, 2, 3, 4};
    stream.shuffle(items);
    ++orders[items];
  }
  REQUIRE(orders.size() == 24);
  std::vector<int> counts;
  for (const auto& [order, count] : orders) counts.push_back(count);
  CHECK(looks_uniform(counts));
}

TEST_CASE("every ordered sample is equally likely, of many and of few") {
  for (const std::uint32_t bound : {4U, 9U}) {  // the dense and the sparse way
    CAPTURE(bound);
    RandomStream stream = test_stream();
    std::map<std::vector<std::uint32_t>, int> samples;
    const std::size_t outcomes = bound * (bound - 1);
    for (std::size_t i = 0; i < 1000 * outcomes; ++i) ++samples[stream.sample(2, bound)];
    REQUIRE(samples.size() == outcomes);
    std::vector<int> counts;
    for (const auto& [sample, count] : samples) counts.push_back(count);
    CHECK(looks_uniform(counts));
  }
}

TEST_CASE("a sample holds distinct numbers below its bound") {
  RandomStream stream = test_stream();
  for (const auto& [count, bound] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {0, 0}, {0, 5}, {1, 1}, {5, 5}, {6, 59}, {59, 59}, {14, 59}, {15, 59}, {1000, 4'000'000'000U}}) {
    CAPTURE(count);
    CAPTURE(bound);
    const std::vector<std::uint32_t> sample = stream.sample(count, bound);
    CHECK(sample.size() == count);
    CHECK(std::set<std::uint32_t>(sample.begin(), sample.end()).size() == count);
    CHECK(std::all_of(sample.begin(), sample.end(), [b = bound](std::uint32_t value) { return value < b; }));
  }
}
