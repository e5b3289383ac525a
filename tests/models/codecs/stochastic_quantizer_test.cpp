#include "models/codecs/stochastic_quantizer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/models/random_values.hpp"

namespace tardigrad {
namespace {

Values sent(const StochasticQuantizer& codec, const Values& values, RandomStream& draws) {
  Values received(values.size(), 99.0F);
  REQUIRE(codec.decode(codec.encode(values, draws), received));
  return received;
}

}  // namespace

TEST_CASE("a quantizer sends its bits a value and four bytes a bucket") {
  RandomStream draws(1, Purpose::test);
  for (unsigned bits = 1; bits <= 8; ++bits) {
    for (const std::size_t count : {0, 1, 511, 512, 513, 2000}) {
      const std::size_t expected = (count * bits + 7) / 8 + 4 * ((count + 511) / 512);
      const StochasticQuantizer codec(bits, 512);
      CHECK(codec.encode(test::normal_values(count, 1), draws).size() == expected);
      CHECK(codec.typical_size(count) == expected);
    }
  }
  CHECK(StochasticQuantizer(8, 512).typical_size(89834) == 89834 + 4 * 176);
}

TEST_CASE("a value goes to one of the two levels around it, and keeps its sign") {
  RandomStream draws(2, Purpose::test);
  const Values values = test::normal_values(1000, 3);
  for (unsigned bits = 2; bits <= 8; ++bits) {
    const Values received = sent({bits, 100}, values, draws);
    const double levels = std::pow(2, bits - 1) - 1;
    for (std::size_t i = 0; i < values.size(); ++i) {
      double largest = 0;
      for (std::size_t j = i / 100 * 100; j < i / 100 * 100 + 100; ++j)
        largest = std::max(largest, std::abs(double{values[j]}));
      const double level = received[i] * levels / largest;
      CHECK(std::abs(level - std::round(level)) < 1e-5);
      CHECK(std::abs(level - values[i] * levels / largest) < 1 + 1e-5);
      CHECK(received[i] * values[i] >= 0);
      if (std::abs(double{values[i]}) == largest) CHECK(received[i] == values[i]);
    }
  }
}

TEST_CASE("with one bit a value becomes its bucket's largest magnitude, of either sign") {
  RandomStream draws(3, Purpose::test);
  const Values received = sent({1, 3}, {2, 0.5F, -1, 0, -8, 8}, draws);
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(received[i]) == 2);
  for (std::size_t i = 3; i < 6; ++i) CHECK(std::abs(received[i]) == 8);
  CHECK(received[0] == 2);
  CHECK(received[4] == -8);
  CHECK(received[5] == 8);
}

TEST_CASE("zeros stay zeros, and the smallest and the largest floats are no problem") {
  RandomStream draws(4, Purpose::test);
  for (unsigned bits = 2; bits <= 8; ++bits) {
    CHECK(sent({bits, 4}, {0, 0, 0}, draws) == Values{0, 0, 0});
    CHECK(sent({bits, 4}, {0, 1e-45F, 0}, draws) == Values{0, 1e-45F, 0});
    const float largest = std::numeric_limits<float>::max();
    CHECK(sent({bits, 4}, {largest, -largest, 0}, draws) == Values{largest, -largest, 0});
  }
}

// 100,000 draws: the mean of a value between two levels a step apart has a standard deviation of at most
// step / 2 / sqrt(100,000); 4.5 of them hold for all of 32 means but in 2 of 10,000 runs.
TEST_CASE("the mean of what comes out is what went in") {
  constexpr int kDraws = 100000;
  const Values values = test::normal_values(8, 5);
  double largest = 0;
  for (const float value : values) largest = std::max(largest, std::abs(double{value}));
  for (const unsigned bits : {1U, 2U, 4U, 8U}) {
    const StochasticQuantizer codec(bits, 8);
    RandomStream draws(bits, Purpose::test);
    std::vector<double> sum(values.size());
    Values received(values.size());
    for (int i = 0; i < kDraws; ++i) {
      REQUIRE(codec.decode(codec.encode(values, draws), received));
      for (std::size_t p = 0; p < values.size(); ++p) sum[p] += received[p];
    }
    const double step = bits == 1 ? 2 * largest : largest / (std::pow(2, bits - 1) - 1);
    for (std::size_t p = 0; p < values.size(); ++p) {
      INFO(bits << " bits, value " << values[p]);
      CHECK(std::abs(sum[p] / kDraws - values[p]) < 4.5 * step / 2 / std::sqrt(kDraws) + 1e-6);
    }
  }
}

TEST_CASE("a single large value in a bucket is the worst that one bit can get") {
  CHECK(StochasticQuantizer(1, 16).omega(1000) == 15);
  CHECK(StochasticQuantizer(1, 16).omega(4) == 3);
  CHECK(StochasticQuantizer(2, 64).omega(1000) == 8);
  CHECK(StochasticQuantizer(8, 512).omega(1000) == doctest::Approx(512.0 / (4 * 127 * 127)));
  RandomStream draws(7, Purpose::test);
  const Values received = sent({1, 16}, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, draws);
  CHECK(received[0] == 1);
  for (std::size_t i = 1; i < 16; ++i) CHECK(std::abs(received[i]) == 1);  // 15 times the square of the only value
}

TEST_CASE("a bucket with something not finite comes out as not a number, the others do not") {
  RandomStream draws(6, Purpose::test);
  for (const float bad : {-std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    for (unsigned bits = 1; bits <= 8; ++bits) {
      const Values received = sent({bits, 2}, {1, 1, bad, 1, -1, 1}, draws);
      for (std::size_t i = 0; i < received.size(); ++i) CHECK(std::isnan(received[i]) == (i / 2 == 1));
    }
  }
}

TEST_CASE("a scale that is no magnitude, a code above all levels, or bits left over, are refused") {
  const StochasticQuantizer codec(2, 4);
  Values values{7, 8};
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0xbf, 0}, values));           // -1
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x7f, 0}, values));           // infinite
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x3f, 0b00110000}, values));  // levels are 0, 1 and 2
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x3f, 0b00001000}, values));
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x3f, 0, 0}, values));
  CHECK_FALSE(codec.decode({0x00, 0x00}, values));
  CHECK(values == Values{7, 8});
  CHECK(codec.decode({0x00, 0x00, 0x80, 0x3f, 0b10010000}, values));
  CHECK(values == Values{1, 0});
}

}  // namespace tardigrad
