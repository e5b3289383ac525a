/// The discrete wavelet transform in which JWINS chooses what to send (Dhasade et al., ICDCS 2023).
#pragma once

#include <cstddef>
#include <vector>

#include "models/values.hpp"

namespace tardigrad {

enum class Wavelet { haar, sym2 };

/// A multilevel transform of vectors of one length, extended at both ends by half-sample symmetry (... x1 x0 |
/// x0 x1 ...), as PyWavelets does it ("symmetric"): taps, lengths and the order of additions are the same, so
/// that float32 results agree to the last bit.
///
/// The coefficients lie in one array, coarsest first: approximation of the last level, its details, then the
/// details of the levels below. With sym2 there are more coefficients than values, so that inverse() undoes
/// forward(), but not the other way round.
class WaveletTransform {
 public:
  /// Any length and any number of levels, also more than are useful for this length.
  WaveletTransform(Wavelet wavelet, unsigned levels, std::size_t length);

  std::size_t length() const { return lengths_.front(); }
  std::size_t coefficient_count() const { return coefficient_count_; }
  /// Lengths of the parts of the coefficients, in their order: levels + 1 of them.
  std::vector<std::size_t> band_lengths() const;

  /// Needs `values.size()` == length().
  Values forward(const Values& values) const;
  /// Needs `coefficients.size()` == coefficient_count().
  Values inverse(const Values& coefficients) const;

 private:
  Wavelet wavelet_;
  /// lengths of the values, then of the approximation (and of the details) after each level
  std::vector<std::size_t> lengths_;
  std::size_t coefficient_count_;
};

}  // namespace tardigrad
