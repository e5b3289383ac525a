/// The codec of the numeric cases of DCD-PSGD and ECD-PSGD, in which nothing is random.
#pragma once

#include <algorithm>
#include <cmath>

#include "models/codecs/codec.hpp"
#include "models/codecs/float32.hpp"

namespace tardigrad::test {

/// Each value becomes the nearest eighth of the largest magnitude, half away from zero.
class CoarseCodec final : public Codec {
 public:
  EncodedBytes encode(const Values& values, RandomStream& draws) const override {
    double largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(static_cast<double>(value)));
    Values rounded(values.size());
    for (std::size_t p = 0; p < values.size(); ++p) {
      const double eighths = std::round(std::abs(static_cast<double>(values[p])) / largest * 8);
      rounded[p] = static_cast<float>(std::copysign(eighths / 8 * largest, static_cast<double>(values[p])));
    }
    return raw_.encode(rounded, draws);
  }
  bool decode(const EncodedBytes& bytes, Values& values) const override { return raw_.decode(bytes, values); }
  Bytes typical_size(std::uint64_t count) const override { return raw_.typical_size(count); }
  bool is_sparse() const override { return false; }
  bool is_unbiased() const override { return false; }
  double omega(std::uint64_t) const override { return 0; }

 private:
  Float32 raw_;
};

}  // namespace tardigrad::test
