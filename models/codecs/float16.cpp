#include "models/codecs/float16.hpp"

#include <cstring>

namespace tardigrad {
namespace {

constexpr std::uint32_t kInfinity = 0x7f800000;
constexpr std::uint32_t kTooLarge = 0x477ff000;        // 65520: halfway between the largest half and the next power
constexpr std::uint32_t kSmallestNormal = 0x38800000;  // 2^-14
constexpr std::uint32_t kExponentShift = 0x38000000;   // from half's bias 15 to float's 127
constexpr float kHalf = 0.5F;                          // floats from here to 1 are 2^-24 apart, as subnormal halves are

std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

float float_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::uint32_t half_magnitude(std::uint32_t magnitude) {
  if (magnitude > kInfinity) return 0x7e00;
  if (magnitude >= kTooLarge) return 0x7c00;
  if (magnitude < kSmallestNormal) return bits_of(float_of(magnitude) + kHalf) - bits_of(kHalf);
  const std::uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
  return (rounded - kExponentShift) >> 13;
}

}  // namespace

std::uint16_t to_float16(float value) {
  const std::uint32_t bits = bits_of(value);
  return static_cast<std::uint16_t>((bits >> 16 & 0x8000) | half_magnitude(bits & 0x7fffffff));
}

float from_float16(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t magnitude = half & 0x7fffU;
  if (magnitude >= 0x7c00) return float_of(sign | kInfinity | (magnitude & 0x3ff) << 13);
  if (magnitude < 0x400) return float_of(sign | bits_of(static_cast<float>(magnitude) * 0x1p-24F));
  return float_of(sign | ((magnitude << 13) + kExponentShift));
}

EncodedBytes Float16::encode(const Values& values, RandomStream&) const {
  EncodedBytes bytes(2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t half = to_float16(values[i]);
    std::memcpy(bytes.data() + 2 * i, &half, sizeof half);
  }
  return bytes;
}

bool Float16::decode(const EncodedBytes& bytes, Values& values) const {
  if (bytes.size() != 2 * values.size()) return false;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = from_float16(number_at<std::uint16_t>(bytes, 2 * i));
  return true;
}

}  // namespace tardigrad
