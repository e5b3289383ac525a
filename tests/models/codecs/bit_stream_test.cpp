#include "models/codecs/bit_stream.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

TEST_CASE("the first bit lies in the most significant place of the first byte") {
  EncodedBytes bytes{7};
  BitWriter writer(bytes);
  writer.write(1, 1);
  writer.write(0, 2);
  writer.write(0x5a5, 11);
  CHECK(writer.bits() == 14);
  writer.finish();
  CHECK(bytes == EncodedBytes{7, 0b10010110, 0b10010100});
}

TEST_CASE("numbers of any width come back in order") {
  RandomStream draws(1, Purpose::test);
  for (int repetition = 0; repetition < 200; ++repetition) {
    EncodedBytes bytes(draws.below(3));
    const std::size_t offset = bytes.size();
    BitWriter writer(bytes);
    std::vector<std::pair<std::uint32_t, unsigned>> written;
    for (std::uint64_t i = draws.below(100); i > 0; --i) {
      const auto width = static_cast<unsigned>(1 + draws.below(32));
      written.emplace_back(draws.below(std::uint64_t{1} << width), width);
      writer.write(written.back().first, width);
    }
    writer.finish();
    REQUIRE(bytes.size() == offset + (writer.bits() + 7) / 8);
    BitReader reader(bytes, offset, writer.bits());
    for (const auto& [value, width] : written) REQUIRE(reader.read(width) == value);
    CHECK(reader.ends_cleanly());
    CHECK_FALSE(reader.read(1));
  }
}

TEST_CASE("a number of 64 bits may cross any bit") {
  for (unsigned before = 0; before < 64; ++before) {
    EncodedBytes bytes;
    BitWriter writer(bytes);
    if (before > 0) writer.write(0, before);
    writer.write(0x8123456789abcdefU, 64);
    writer.finish();
    BitReader reader(bytes, 0, before + 64);
    if (before > 0) CHECK(reader.read_zeros(56).has_value() == (before <= 56));
    if (before > 56) continue;
    CHECK(reader.read(32) == 0x81234567U);
    CHECK(reader.read(32) == 0x89abcdefU);
  }
}

TEST_CASE("nothing is read behind the last bit") {
  const EncodedBytes bytes{0x01, 0xff};
  BitReader reader(bytes, 0, 7);
  CHECK_FALSE(reader.read(8));
  CHECK_FALSE(reader.read_zeros(56));  // the one that would end them is not among them
  CHECK(reader.read(7) == 0U);
  CHECK(reader.left() == 0);
  CHECK_FALSE(reader.read_zeros(56));
}

TEST_CASE("bits left over in the last byte must be zero") {
  for (const std::uint8_t last : {0b10100000, 0b10110000, 0b10100001}) {
    const EncodedBytes bytes{last};
    BitReader reader(bytes, 0, 3);
    CHECK_FALSE(reader.ends_cleanly());  // there is more to read
    CHECK(reader.read(3) == 5U);
    CHECK(reader.ends_cleanly() == (last == 0b10100000));
  }
  const EncodedBytes none;
  CHECK(BitReader(none, 0, 0).ends_cleanly());
}

}  // namespace tardigrad
