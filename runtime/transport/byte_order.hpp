/// Numbers as little-endian bytes, whatever the machine's own order.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tardigrad {

template <class Unsigned>
void store_little_endian(Unsigned value, std::uint8_t* to) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

template <class Unsigned>
Unsigned load_little_endian(const std::uint8_t* from) {
  Unsigned value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value |= static_cast<Unsigned>(Unsigned{from[i]} << (8 * i));
  return value;
}

}  // namespace tardigrad
