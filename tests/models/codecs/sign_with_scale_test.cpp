#include "models/codecs/sign_with_scale.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/models/random_values.hpp"

namespace tardigrad {
namespace {

Values sent(const Values& values) {
  RandomStream draws(1, Purpose::test);
  Values received(values.size(), 99.0F);
  REQUIRE(SignWithScale().decode(SignWithScale().encode(values, draws), received));
  return received;
}

}  // namespace

TEST_CASE("every value becomes the mean magnitude with its own sign") {
  CHECK(sent({1, -2, 0, 5, -4, 0.6F}) == Values{2.1F, -2.1F, 2.1F, 2.1F, -2.1F, 2.1F});
  CHECK(sent({-3}) == Values{-3});
  CHECK(sent({}).empty());
  CHECK(sent({3e38F, -3e38F}) == Values{3e38F, -3e38F});  // though their sum is more than a float holds
}

TEST_CASE("sign with scale sends a bit a value and four bytes") {
  RandomStream draws(1, Purpose::test);
  CHECK(SignWithScale().encode({1, -1, -1}, draws) == EncodedBytes{0x00, 0x00, 0x80, 0x3f, 0b01100000});
  CHECK(SignWithScale().typical_size(89834) == 4 + 11230);
}

TEST_CASE("a vector with something not finite comes out as not a number") {
  for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    for (const float value : sent({1, -bad, 2})) CHECK(std::isnan(value));
  }
}

TEST_CASE("a scale that is no magnitude, or bits left over, are refused") {
  const SignWithScale codec;
  Values values{7, 8};
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0xbf, 0}, values));     // -1
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x7f, 0}, values));     // infinite
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x3f, 0x20}, values));  // a third sign
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80, 0x3f, 0, 0}, values));  // a byte too many
  CHECK_FALSE(codec.decode({0x00, 0x00, 0x80}, values));
  CHECK(values == Values{7, 8});
  CHECK(codec.decode({0x00, 0x00, 0x80, 0x3f, 0x40}, values));
  CHECK(values == Values{1, -1});
}

}  // namespace tardigrad
