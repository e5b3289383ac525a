#include "models/codecs/elias_gamma.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "models/codecs/random_k.hpp"
#include "tests/models/random_values.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {
namespace {

std::string bit_text(const EncodedBytes& bytes, std::size_t bits) {
  std::string text;
  for (std::size_t i = 0; i < bits; ++i) text += (bytes[i / 8] >> (7 - i % 8) & 1) == 1 ? '1' : '0';
  return text;
}

EncodedBytes from_hex(const std::string& text) {
  EncodedBytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

EncodedBytes block_of(const std::vector<std::uint32_t>& indices) {
  EncodedBytes bytes;
  append_index_block(indices, bytes);
  return bytes;
}

/// A block made by hand: gap bits, first index, bit count.
EncodedBytes block(EncodedBytes gaps, std::uint64_t first, std::uint64_t bits) {
  append_number(first, gaps);
  append_number(bits + 128, gaps);
  return gaps;
}

}  // namespace

TEST_CASE("gaps have the bits of the given cases") {
  for (const auto& given : test::vector_cases("elias_gamma")) {
    EncodedBytes bytes;
    BitWriter bits(bytes);
    for (const auto gap : given["gaps"].get<std::vector<std::uint32_t>>()) write_elias_gamma(gap, bits);
    const auto expected = given["bits"].get<std::string>();
    REQUIRE(bits.bits() == expected.size());
    bits.finish();
    CHECK(bit_text(bytes, expected.size()) == expected);
    BitReader reader(bytes, 0, expected.size());
    for (const auto gap : given["gaps"].get<std::vector<std::uint32_t>>()) CHECK(read_elias_gamma(reader) == gap);
    CHECK(reader.ends_cleanly());
  }
}

TEST_CASE("index blocks are byte for byte those of the authors' encoder") {
  for (const auto& file : test::vector_cases("crosschecked/elias_gamma")) {
    for (const auto& given : file["cases"]) {
      const auto indices = given["indices"].get<std::vector<std::uint32_t>>();
      const EncodedBytes bytes = block_of(indices);
      CHECK(bytes == from_hex(given["block_hex"].get<std::string>()));
      const auto read = read_index_block(bytes, indices.back() + std::uint64_t{1});
      REQUIRE(read);
      CHECK(read->indices == indices);
      CHECK(read->size == bytes.size());
    }
  }
}

TEST_CASE("indices come back: adjacent ones, gaps of powers of two, one, none") {
  std::vector<std::uint32_t> powers{0};
  for (unsigned j = 0; j < 32; ++j) powers.push_back((1U << j) - 1 + (j == 0 ? 1 : 0));
  powers.erase(std::unique(powers.begin(), powers.end()), powers.end());
  std::vector<std::uint32_t> adjacent(1000);
  std::iota(adjacent.begin(), adjacent.end(), 77U);
  const std::uint32_t last = std::numeric_limits<std::uint32_t>::max();
  for (const auto& indices :
       {powers, adjacent, {5}, {}, {0, last}, {last}, random_k(3, 8984, 89843), random_k(4, 89842, 89843)}) {
    EncodedBytes bytes(indices.size() % 5, 0xab);  // values before the block do not matter
    const std::size_t before = bytes.size();
    append_index_block(indices, bytes);
    if (indices.empty()) CHECK(bytes.empty());
    if (indices.size() == 1) CHECK(bytes.size() == before + 16);
    const auto read = read_index_block(bytes, std::uint64_t{1} << 32);
    REQUIRE(read);
    CHECK(read->indices == indices);
    CHECK(read->size == bytes.size() - before);
  }
}

TEST_CASE("a block of an index that is out of range is none") {
  const EncodedBytes bytes = block_of({3, 4, 9, 10, 42});
  CHECK(read_index_block(bytes, 43));
  CHECK_FALSE(read_index_block(bytes, 42));
  CHECK_FALSE(read_index_block(bytes, 10));
  CHECK_FALSE(read_index_block(block_of({42}), 42));
  CHECK_FALSE(read_index_block(block({}, std::numeric_limits<std::uint64_t>::max(), 0), 100));
  // A gap that would bring the sum round to a small index again.
  CHECK_FALSE(read_index_block(block({0x00, 0x00, 0x00, 0x01, 0xff, 0xff, 0xff, 0xff}, 50, 63), 100));
}

TEST_CASE("a block that says more or fewer bits than it has is none") {
  CHECK(read_index_block(block({0xf0}, 0, 4), 100));
  CHECK_FALSE(read_index_block(block({0xf0}, 0, 3), 100));  // a one is left over
  CHECK_FALSE(read_index_block(block({0xf0}, 0, 5), 100));  // ends within a number
  CHECK_FALSE(read_index_block(block({0xf0}, 0, 9), 100));
  CHECK_FALSE(read_index_block(block({}, 0, 1), 100));
  CHECK_FALSE(read_index_block(block({}, 0, std::uint64_t{0} - 128), 100));
  CHECK_FALSE(read_index_block(block({}, 0, std::uint64_t{0} - 1), 100));  // fewer than none
  CHECK_FALSE(read_index_block(EncodedBytes(15), 100));
  CHECK_FALSE(read_index_block(block(EncodedBytes(8), 0, 64), 100));  // zeros without end
}

TEST_CASE("whatever bytes come, indices are ascending and in range, and would have been sent so") {
  RandomStream draws(5, Purpose::test);
  const EncodedBytes good = block_of(random_k(1, 50, 300));
  int accepted = 0;
  for (int repetition = 0; repetition < 50000; ++repetition) {
    const EncodedBytes bytes =
        draws.below(2) == 0 ? test::mutated(good, draws) : test::random_bytes(draws.below(64), draws);
    const auto read = read_index_block(bytes, 300);
    if (!read) continue;
    ++accepted;
    REQUIRE(read->size <= bytes.size());
    for (std::size_t i = 1; i < read->indices.size(); ++i) REQUIRE(read->indices[i - 1] < read->indices[i]);
    if (!read->indices.empty()) REQUIRE(read->indices.back() < 300);
    const EncodedBytes sent(bytes.end() - static_cast<std::ptrdiff_t>(read->size), bytes.end());
    REQUIRE(block_of(read->indices) == sent);
  }
  CHECK(accepted > 100);
}

TEST_CASE("the mean size of a block follows from the share of indices") {
  for (const auto& file : test::vector_cases("crosschecked/elias_gamma")) {
    for (const auto& given : file["bits_per_gap_uniform"]) {
      const double bits = mean_gap_bits(given["alpha"].get<double>());
      CHECK(bits == doctest::Approx(given["analytic_bits_per_gap"].get<double>()).epsilon(1e-9));
    }
  }
  for (const auto& file : test::vector_cases("crosschecked/wire_sizes")) {
    const auto count = file["n_coeffs_sym2_l4"].get<std::uint64_t>();
    for (const auto& given : file["partial"]) {
      const Bytes size = typical_index_block_size(given["k"].get<std::uint64_t>(), count);
      CHECK(static_cast<double>(size) == doctest::Approx(given["elias_block_bytes"].get<double>()).epsilon(0.01));
    }
  }
  for (const std::uint64_t k : {0, 1, 30, 4492, 44917, 89834}) {
    double bytes = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      bytes += static_cast<double>(block_of(random_k(seed, k, 89834)).size());
    CHECK(std::abs(bytes / 20 - static_cast<double>(typical_index_block_size(k, 89834))) <= 2 + 0.005 * bytes / 20);
  }
}

}  // namespace tardigrad
