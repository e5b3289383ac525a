/// Sums of parameter vectors, which all have the same length within one call.
#pragma once

#include <cstddef>

#include "models/values.hpp"

namespace tardigrad {

/// sum += weight * x. An empty `x` changes nothing.
inline void add_weighted(Values& sum, float weight, const Values& x) {
  for (std::size_t p = 0; p < x.size(); ++p) sum[p] += weight * x[p];
}

/// sum += to - from.
inline void add_difference(Values& sum, const Values& to, const Values& from) {
  for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += to[p] - from[p];
}

/// to - from.
inline Values difference(const Values& to, const Values& from) {
  Values result(to.size());
  for (std::size_t p = 0; p < to.size(); ++p) result[p] = to[p] - from[p];
  return result;
}

}  // namespace tardigrad
