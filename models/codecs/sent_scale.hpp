/// The scale that a group of values shares: what a compressor sends besides the group's few bits.
#pragma once

#include <cmath>
#include <limits>

namespace tardigrad {

/// At least 0 as it is. For a group in which something is not finite, the one NaN that may travel, with which
/// all of the group comes out as NaN.
inline float sent_scale(double scale) {
  return std::isfinite(scale) ? static_cast<float>(scale) : std::numeric_limits<float>::quiet_NaN();
}

/// Something like what `sent_scale` makes: from 0 up, or not a number.
inline bool is_sent_scale(float scale) { return !std::signbit(scale) && !std::isinf(scale); }

}  // namespace tardigrad
