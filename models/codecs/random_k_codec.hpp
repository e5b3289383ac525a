/// Sends values at random coordinates, for which only a seed travels.
#pragma once

#include <memory>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// Sends k = round(fraction * count) values, halves to even, at the places of `random_k`. The message has the
/// seed, 8 bytes, then the values in the order of their indices. If k is all of them, they travel without a
/// seed; if k is 0, there are no bytes.
///
/// Unscaled, the codec is a contraction (delta = k / count). Scaled by count / k it is unbiased, unless k is 0.
class RandomKCodec final : public Codec {
 public:
  /// 0 < fraction <= 1; `value_codec` is dense.
  RandomKCodec(double fraction, bool scaled, std::unique_ptr<Codec> value_codec);

  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override;
  bool is_sparse() const override { return true; }
  bool is_unbiased() const override { return scaled_ && value_codec_->is_unbiased(); }
  /// (1 + omega of the chosen values' codec) * count / k - 1 if scaled.
  double omega(std::uint64_t count) const override;

 private:
  double fraction_;
  bool scaled_;
  std::unique_ptr<Codec> value_codec_;
};

}  // namespace tardigrad
