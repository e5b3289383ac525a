#include "models/codecs/float16.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace tardigrad {
namespace {

constexpr std::uint16_t kInfinity = 0x7c00;
const float kLargest = 65504;

}  // namespace

TEST_CASE("halves mean what the standard says") {
  CHECK(from_float16(0x3c00) == 1);
  CHECK(from_float16(0xc000) == -2);
  CHECK(from_float16(0x3555) == 0.333251953125F);
  CHECK(from_float16(0x7bff) == kLargest);
  CHECK(from_float16(0x0400) == 0x1p-14F);
  CHECK(from_float16(0x03ff) == 1023 * 0x1p-24F);
  CHECK(from_float16(0x0001) == 0x1p-24F);
  CHECK(std::signbit(from_float16(0x8000)));
  CHECK(from_float16(0xfc00) == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(from_float16(0x7e00)));
}

TEST_CASE("every half comes back as itself") {
  for (std::uint32_t half = 0; half <= 0xffff; ++half) {
    const float value = from_float16(static_cast<std::uint16_t>(half));
    if (std::isnan(value)) {
      REQUIRE((to_float16(value) & 0x7fff) == 0x7e00);
    } else {
      REQUIRE(to_float16(value) == half);
    }
  }
}

TEST_CASE("between two halves the nearer one is taken, in the middle the even one") {
  for (std::uint16_t half = 0; half + 1 < kInfinity; ++half) {
    const auto next = static_cast<std::uint16_t>(half + 1);
    const float middle = (from_float16(half) + from_float16(next)) / 2;  // exact
    for (const float sign : {1.0F, -1.0F}) {
      const std::uint16_t sign_bit = sign < 0 ? 0x8000 : 0;
      REQUIRE(to_float16(sign * middle) == (sign_bit | (half % 2 == 0 ? half : next)));
      REQUIRE(to_float16(sign * std::nextafter(middle, 0.0F)) == (sign_bit | half));
      REQUIRE(to_float16(sign * std::nextafter(middle, 1e9F)) == (sign_bit | next));
    }
  }
}

TEST_CASE("what is too large becomes infinite") {
  CHECK(to_float16(std::nextafter(65520.0F, 0.0F)) == 0x7bff);
  CHECK(to_float16(65520) == kInfinity);
  CHECK(to_float16(-3e38F) == (0x8000 | kInfinity));
  CHECK(to_float16(std::numeric_limits<float>::infinity()) == kInfinity);
  CHECK(to_float16(1e-30F) == 0);
}

TEST_CASE("two bytes a value, the lower one first") {
  RandomStream draws(1, Purpose::test);
  const EncodedBytes bytes = Float16().encode({1, -2}, draws);
  CHECK(bytes == EncodedBytes{0x00, 0x3c, 0x00, 0xc0});
}

}  // namespace tardigrad
