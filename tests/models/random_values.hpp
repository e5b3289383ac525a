/// Values and bytes for codecs in tests.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/codecs/encoded_bytes.hpp"
#include "models/values.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad::test {

inline Values normal_values(std::size_t count, std::uint64_t seed) {
  RandomStream draws(seed, Purpose::test);
  Values values(count);
  for (float& value : values) value = static_cast<float>(draws.normal());
  return values;
}

/// Messages of hostile or broken senders: bytes of no meaning, half of them zero.
inline EncodedBytes random_bytes(std::size_t count, RandomStream& draws) {
  EncodedBytes bytes(count);
  for (auto& byte : bytes) byte = draws.below(2) == 0 ? 0 : static_cast<std::uint8_t>(draws.below(256));
  return bytes;
}

/// The bytes with some bits flipped, and sometimes with another length.
inline EncodedBytes mutated(EncodedBytes bytes, RandomStream& draws) {
  for (std::uint64_t flips = draws.below(4); flips > 0 && !bytes.empty(); --flips) {
    bytes[draws.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << draws.below(8));
  }
  switch (draws.below(4)) {
    case 0:
      bytes.resize(draws.below(bytes.size() + 1));
      break;
    case 1:
      bytes.resize(bytes.size() + draws.below(20), 0xff);
      break;
    default:
      break;
  }
  return bytes;
}

}  // namespace tardigrad::test
