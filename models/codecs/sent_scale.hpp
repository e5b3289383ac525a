/// The scale that a group of values shares: a compressor sends it besides the group's few bits.
#pragma once

#include <cmath>
#include <limits>

namespace tardigrad {

/// A scale of at least 0 stays as it is. A group with a value that is not finite gets the one NaN that may
/// travel, which makes all of the group NaN.
inline float sent_scale(double scale) {
  return std::isfinite(scale) ? static_cast<float>(scale) : std::numeric_limits<float>::quiet_NaN();
}

/// True for a possible result of `sent_scale`: a number from 0 up, or NaN.
inline bool is_sent_scale(float scale) { return !std::signbit(scale) && !std::isinf(scale); }

}  // namespace tardigrad
