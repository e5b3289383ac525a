/// Sizes of a tensor.
#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

namespace tardigrad {

using Shape = std::vector<std::int64_t>;

/// The number of values of a tensor of this shape.
inline std::int64_t numel(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

}  // namespace tardigrad
