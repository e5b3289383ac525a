#include "models/codecs/chunked_top_k.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

Values random_values(std::size_t count, std::uint64_t seed) {
  RandomStream draws(seed, Purpose::test);
  Values values(count);
  for (float& value : values) value = static_cast<float>(draws.normal());
  return values;
}

TEST_CASE("of every chunk the largest values are sent, and their mean over a tensor is exact") {
  const ChunkedTopK codec({10, 3}, 4, 2);
  const Values values{1, -5, 2, 3, 0.5F, 0.25F, -0.75F, 0.1F, 9, -8, 4, 4, 4};
  const auto sent = codec.decode(codec.encode(values));
  REQUIRE(sent);
  CHECK(sent->indices == std::vector<std::uint32_t>{1, 3, 4, 6, 8, 9, 10, 11});
  double mean = 0, expected = 0;
  for (std::size_t i = 0; i < 6; ++i) mean += sent->values[i], expected += values[sent->indices[i]];
  CHECK(mean == doctest::Approx(expected));
  // All the same: no spread, and the mean says it all.
  CHECK(sent->values[6] == 4);
  CHECK(sent->values[7] == 4);
}

TEST_CASE("a value is sent as the mean of those in its quarter") {
  // Mean 0, scale 1.5 * sqrt(20 / 3) = 3.87: codes 1, 2, 2, 3.
  const ChunkedTopK codec({4}, 4, 4);
  const auto sent = codec.decode(codec.encode({-3, -1, 1, 3}));
  REQUIRE(sent);
  CHECK(sent->values == Values{-3, 0, 0, 3});
}

TEST_CASE("the bytes are two bits and a place for each value, behind twenty bytes for each tensor") {
  CHECK(ChunkedTopK({4096}, 4096, 64).size() == 20 + 64 * 14 / 8);
  CHECK(ChunkedTopK({10, 3}, 4, 2).size() == 2 * 20 + 4);  // 8 values of 4 bits
  CHECK(ChunkedTopK({5}, 1, 1).size() == 20 + 2);          // all of them, and no places
  for (const std::uint32_t chunk : {1U, 3U, 64U, 100U}) {
    const ChunkedTopK codec({1000, 7, 64}, chunk, 5);
    const Values values = random_values(1071, chunk);
    CHECK(codec.encode(values).size() == codec.size());
    CHECK(codec.decode(codec.encode(values)));
  }
}

TEST_CASE("bytes that are no encoding are refused, and no place outside of a chunk is taken") {
  const ChunkedTopK codec({10, 3}, 4, 2);
  const EncodedBytes right = codec.encode(random_values(13, 1));
  EncodedBytes longer = right, shorter = right;
  longer.push_back(0);
  shorter.pop_back();
  CHECK_FALSE(codec.decode(longer));
  CHECK_FALSE(codec.decode(shorter));
  CHECK_FALSE(codec.decode({}));
  RandomStream draws(5, Purpose::test);
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    EncodedBytes wrong = right;
    wrong[40 + draws.below(4)] = static_cast<std::uint8_t>(draws.below(256));
    const auto sent = codec.decode(wrong);
    if (!sent) {
      ++refused;
      continue;
    }
    for (std::size_t p = 0; p < sent->indices.size(); ++p) {
      CHECK(sent->indices[p] < 13);
      if (p > 0) CHECK(sent->indices[p] > sent->indices[p - 1]);
    }
  }
  CHECK(refused > 500);
}

TEST_CASE("a tensor that has diverged is sent as what is no number, the others as they are") {
  const ChunkedTopK codec({4, 2}, 4, 2);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const auto sent = codec.decode(codec.encode({1, bad, 2, 3, 5, 5}));
    REQUIRE(sent);
    CHECK(std::isnan(sent->values[0]));
    CHECK(std::isnan(sent->values[1]));
    CHECK(sent->values[2] == 5);
  }
}

}  // namespace
}  // namespace tardigrad
