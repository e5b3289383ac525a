/// Kernels under every instruction set of this processor.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "models/kernels/kernels.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad::test {

using Floats = std::vector<float>;

/// Uniform in +- bound: no function of a C library has a part in them.
inline Floats uniform_floats(std::size_t count, std::uint64_t seed, double bound = 1) {
  RandomStream stream(seed, Purpose::test);
  Floats values(count);
  for (float& value : values) value = static_cast<float>(bound * (2 * stream.uniform() - 1));
  return values;
}

/// FNV-1a over the bits of the values, where all NaN are one.
inline std::uint64_t checksum(const Floats& values, std::uint64_t begin = 0xcbf29ce484222325U) {
  for (const float value : values) {
    std::uint32_t pattern = 0x7fc00000;
    if (!std::isnan(value)) std::memcpy(&pattern, &value, sizeof pattern);
    begin = (begin ^ pattern) * 0x100000001b3U;
  }
  return begin;
}

/// Calls `results_of(kernels)` for every usable instruction set. Returns the one result that all of them must have, to
/// the bit.
template <class Results>
Floats same_on_every_isa(Results results_of) {
  const Floats expected = results_of(kernels(Isa::plain));
  for (const Isa isa : kIsas) {
    if (!is_usable(isa) || isa == Isa::plain) continue;
    CHECK_MESSAGE(checksum(results_of(kernels(isa))) == checksum(expected), name_of(isa));
  }
  return expected;
}

/// Greatest difference, and the norm of all differences, both relative to those of the expected values.
struct Error {
  double greatest = 0;
  double norm = 0;
};

inline Error error_of(const Floats& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  double greatest = 0, scale = 0, squares = 0, scale_squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double difference = values[i] - expected[i];
    greatest = std::max(greatest, std::abs(difference));
    scale = std::max(scale, std::abs(expected[i]));
    squares += difference * difference;
    scale_squares += expected[i] * expected[i];
  }
  return {scale == 0 ? greatest : greatest / scale,
          scale == 0 ? std::sqrt(squares) : std::sqrt(squares / scale_squares)};
}

inline void check_close(const Floats& values, const std::vector<double>& expected) {
  const Error error = error_of(values, expected);
  CHECK(error.greatest < 1e-4);
  CHECK(error.norm < 1e-5);
}

/// Compares parts that stand one after the other.
inline void check_parts_close(const Floats& values, const std::vector<std::vector<double>>& parts) {
  auto begin = values.begin();
  for (const std::vector<double>& part : parts) {
    const auto end = begin + static_cast<std::ptrdiff_t>(part.size());
    REQUIRE(end <= values.end());
    check_close(Floats(begin, end), part);
    begin = end;
  }
}

}  // namespace tardigrad::test
