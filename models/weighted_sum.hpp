/// Sums of parameter vectors.
#pragma once

#include <cstddef>

#include "models/values.hpp"

namespace tardigrad {

/// sum += weight * x. Both are of the same length, or `x` is empty and nothing happens.
inline void add_weighted(Values& sum, float weight, const Values& x) {
  for (std::size_t p = 0; p < x.size(); ++p) sum[p] += weight * x[p];
}

}  // namespace tardigrad
