/// The codec of half precision.
#pragma once

#include <cstdint>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// IEEE 754 binary16, rounded to nearest, halves to even. From 65520 on a value becomes infinite, as in the
/// standard: a model that has grown so large shows that it has. Every NaN becomes the same one, with its sign.
std::uint16_t to_float16(float value);
float from_float16(std::uint16_t half);

/// 2 bytes a value, little-endian. Rounding is not random: the codec is not unbiased, though within 2^-11 of
/// the value.
class Float16 final : public Codec {
 public:
  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override { return 2 * count; }
  bool is_sparse() const override { return false; }
  bool is_unbiased() const override { return false; }
  double omega(std::uint64_t) const override { return 0; }
};

}  // namespace tardigrad
