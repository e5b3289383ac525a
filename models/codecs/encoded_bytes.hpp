/// Reads and writes numbers in encoded bytes: little-endian, without alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "models/values.hpp"

namespace tardigrad {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they lie in memory");

template <class Number>
void append_number(Number number, EncodedBytes& bytes) {
  static_assert(std::is_arithmetic_v<Number>);
  std::uint8_t raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.insert(bytes.end(), raw, raw + sizeof number);
}

/// Needs `offset` + sizeof(Number) <= bytes.size().
template <class Number>
Number number_at(const EncodedBytes& bytes, std::size_t offset) {
  static_assert(std::is_arithmetic_v<Number>);
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

}  // namespace tardigrad
