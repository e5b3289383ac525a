#include "models/codecs/bfloat16.hpp"

#include <cstring>

namespace tardigrad {

std::uint16_t to_bfloat16(float value) {
  constexpr std::uint32_t kInfinity = 0x7f800000;
  constexpr std::uint32_t kSign = 0x80000000;
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  if ((bits & ~kSign) > kInfinity) return static_cast<std::uint16_t>((bits & kSign) >> 16 | 0x7fc0);
  // Rounding up the largest values carries into the exponent, which makes them infinite.
  return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float from_bfloat16(std::uint16_t upper) {
  const std::uint32_t bits = std::uint32_t{upper} << 16;
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

EncodedBytes Bfloat16::encode(const Values& values, RandomStream&) const {
  EncodedBytes bytes(2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t upper = to_bfloat16(values[i]);
    std::memcpy(bytes.data() + 2 * i, &upper, sizeof upper);
  }
  return bytes;
}

bool Bfloat16::decode(const EncodedBytes& bytes, Values& values) const {
  if (bytes.size() != 2 * values.size()) return false;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = from_bfloat16(number_at<std::uint16_t>(bytes, 2 * i));
  return true;
}

}  // namespace tardigrad
