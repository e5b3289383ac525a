/// Values at random coordinates, for which only a seed travels.
#pragma once

#include <memory>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// Sends k = round(fraction * count) values, halves to even, at the places of `random_k`. Sent: the seed, 8
/// bytes, then the values in the order of their indices. All of them travel without a seed, none as no bytes.
///
/// As they are, what comes out is a contraction (delta = k / count). Scaled by count / k the mean is exact,
/// unless k is 0.
class RandomKCodec final : public Codec {
 public:
  /// 0 < fraction <= 1; `value_codec` is dense.
  RandomKCodec(double fraction, bool scaled, std::unique_ptr<Codec> value_codec);

  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override;
  bool is_sparse() const override { return true; }
  bool is_unbiased() const override { return scaled_ && value_codec_->is_unbiased(); }
  /// (1 + the chosen values' own) * count / k - 1 where they are scaled.
  double omega(std::uint64_t count) const override;

 private:
  double fraction_;
  bool scaled_;
  std::unique_ptr<Codec> value_codec_;
};

}  // namespace tardigrad
