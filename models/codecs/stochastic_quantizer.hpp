/// Encodes values in few bits, rounded at random so that their mean is exact (Tang et al. 2018, arXiv
/// 1803.06443).
#pragma once

#include <cstddef>

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// A bucket of values shares its largest magnitude m. There are L = 2^(bits - 1) - 1 levels of either sign, and
/// zero: |v| L / m is rounded down or up at random, with probabilities that make the mean exact, and the sign
/// is kept. With one bit there are the levels -m and m.
///
/// The message has 4 bytes of m for each bucket, then `bits` bits for each value, padded to a byte. A bucket
/// with a value that is not finite is decoded as NaN.
class StochasticQuantizer final : public Codec {
 public:
  /// 1 <= bits <= 8, bucket >= 1.
  StochasticQuantizer(unsigned bits, std::uint32_t bucket);

  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override;
  bool is_sparse() const override { return false; }
  bool is_unbiased() const override { return true; }
  /// Satisfies E|C(x) - x|^2 <= omega |x|^2: for s values in a bucket min(s / (4 L^2), sqrt(s) / L), with one
  /// bit s - 1.
  double omega(std::uint64_t count) const override;

 private:
  std::uint64_t buckets(std::uint64_t count) const { return (count + bucket_ - 1) / bucket_; }

  unsigned bits_;
  std::uint32_t bucket_;
  std::uint32_t top_;  ///< codes are 0 .. top_, for values from -m to m in equal steps
};

}  // namespace tardigrad
