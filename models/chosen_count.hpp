/// Computes how many of `count` values a given share is.
#pragma once

#include <cmath>
#include <cstdint>

namespace tardigrad {

/// fraction * count to the nearest whole number, halves to the even one. `fraction` is from 0 to 1.
inline std::uint64_t chosen_count(double fraction, std::uint64_t count) {
  return static_cast<std::uint64_t>(std::nearbyint(fraction * static_cast<double>(count)));
}

}  // namespace tardigrad
