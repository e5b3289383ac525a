/// Sends the values of largest magnitude, with their indices.
#pragma once

#include <memory>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// Sends k = round(fraction * count) values, halves to even; of equal ones the lower index. The message is that
/// of `encode_sparse`. If k is all of them, they travel without indices. Biased, and a contraction (delta = k /
/// count).
class TopKCodec final : public Codec {
 public:
  /// 0 < fraction <= 1; `value_codec` is dense.
  TopKCodec(double fraction, std::unique_ptr<Codec> value_codec);

  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override;
  bool is_sparse() const override { return true; }
  bool is_unbiased() const override { return false; }
  /// The omega of the chosen values' codec.
  double omega(std::uint64_t count) const override;

 private:
  double fraction_;
  std::unique_ptr<Codec> value_codec_;
};

}  // namespace tardigrad
