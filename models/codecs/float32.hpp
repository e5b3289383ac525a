/// The codec that sends values unchanged.
#pragma once

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// 4 bytes a value, little-endian.
class Float32 final : public Codec {
 public:
  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override { return 4 * count; }
  bool is_sparse() const override { return false; }
  bool is_unbiased() const override { return true; }
  double omega(std::uint64_t) const override { return 0; }
};

}  // namespace tardigrad
