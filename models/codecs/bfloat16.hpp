/// The codec of bfloat16: float32 without the lower half of its bits.
#pragma once

#include <cstdint>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// The upper half of a float32, rounded to nearest, halves to even: 8 bits of exponent, 7 of mantissa. Its range is
/// that of float32: values above the largest one become infinite. Every NaN becomes the same one, with its sign.
std::uint16_t to_bfloat16(float value);
float from_bfloat16(std::uint16_t upper);

/// 2 bytes a value, little-endian. Rounding is not random: the codec is not unbiased, though within 2^-8 of the value.
class Bfloat16 final : public Codec {
 public:
  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override { return 2 * count; }
  bool is_sparse() const override { return false; }
  bool is_unbiased() const override { return false; }
  double omega(std::uint64_t) const override { return 0; }
};

}  // namespace tardigrad
