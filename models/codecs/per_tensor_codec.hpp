/// A codec for each tensor of a model by itself: what a sparse codec chooses is chosen in every tensor.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// In front of each tensor's bytes stands their number, 32 bits.
class PerTensorCodec final : public Codec {
 public:
  /// `sizes`: of the tensors, in the order of the values.
  PerTensorCodec(std::vector<std::uint64_t> sizes, std::shared_ptr<const Codec> own)
      : sizes_(std::move(sizes)), own_(std::move(own)) {}

  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  /// `count` must be the number of values of all tensors.
  Bytes typical_size(std::uint64_t count) const override;
  bool is_sparse() const override { return own_->is_sparse(); }
  bool is_unbiased() const override { return own_->is_unbiased(); }
  double omega(std::uint64_t count) const override;

 private:
  std::vector<std::uint64_t> sizes_;
  std::shared_ptr<const Codec> own_;
};

}  // namespace tardigrad
