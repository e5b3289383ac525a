/// Conversion to and from bfloat16 at its edges; codec_test.cpp tests the codec with all others.
#include "models/codecs/bfloat16.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace tardigrad {
namespace {

TEST_CASE("bfloat16 is the nearest, halves go to the even one") {
  CHECK(to_bfloat16(1.0F) == 0x3f80);
  CHECK(to_bfloat16(-2.0F) == 0xc000);
  CHECK(to_bfloat16(0.0F) == 0x0000);
  CHECK(to_bfloat16(-0.0F) == 0x8000);
  CHECK(to_bfloat16(0x1.01p0F) == 0x3f80);      // halfway to 0x3f81: the even one is below
  CHECK(to_bfloat16(0x1.03p0F) == 0x3f82);      // halfway from 0x3f81: the even one is above
  CHECK(to_bfloat16(0x1.010002p0F) == 0x3f81);  // a little more than halfway
  CHECK(to_bfloat16(3.14159265F) == 0x4049);
  CHECK(to_bfloat16(0x1p-149F) == 0x0000);  // the smallest float is nothing
  CHECK(to_bfloat16(0x1p-133F) == 0x0001);  // the smallest bfloat16
}

TEST_CASE("what is not finite stays so, and the largest floats become infinite") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(to_bfloat16(infinity) == 0x7f80);
  CHECK(to_bfloat16(-infinity) == 0xff80);
  CHECK(to_bfloat16(std::numeric_limits<float>::max()) == 0x7f80);
  CHECK(to_bfloat16(0x1.fep127F) == 0x7f7f);  // the largest bfloat16
  CHECK(to_bfloat16(std::numeric_limits<float>::quiet_NaN()) == 0x7fc0);
  CHECK(to_bfloat16(-std::numeric_limits<float>::signaling_NaN()) == 0xffc0);
  CHECK(std::isnan(from_bfloat16(0x7fc0)));
  CHECK(from_bfloat16(0xff80) == -infinity);
}

TEST_CASE("every bfloat16 but a NaN comes back as it was") {
  for (std::uint32_t bits = 0; bits <= 0xffff; ++bits) {
    const auto upper = static_cast<std::uint16_t>(bits);
    const float value = from_bfloat16(upper);
    if (!std::isnan(value)) REQUIRE(to_bfloat16(value) == upper);
  }
}

}  // namespace
}  // namespace tardigrad
