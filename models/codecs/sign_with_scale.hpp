/// One bit a value (CHOCO-SGD's sign compressor: Koloskova, Lin, Stich, Jaggi 2020, arXiv 1907.09356).
#pragma once

#include "models/codecs/codec.hpp"

namespace tardigrad {

/// Every value becomes (mean magnitude of all) * its sign; zero counts as positive. The message has the mean
/// magnitude, 4 bytes, then a bit for each value, 1 for negative, padded to a byte.
class SignWithScale final : public Codec {
 public:
  EncodedBytes encode(const Values& values, RandomStream& draws) const override;
  bool decode(const EncodedBytes& bytes, Values& values) const override;
  Bytes typical_size(std::uint64_t count) const override { return 4 + (count + 7) / 8; }
  bool is_sparse() const override { return false; }
  bool is_unbiased() const override { return false; }
  double omega(std::uint64_t) const override { return 0; }
};

}  // namespace tardigrad
