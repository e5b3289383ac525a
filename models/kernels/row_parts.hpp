/// Rows of numbers, sixteen after sixteen.
#pragma once

#include "models/kernels/vector.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

using Index = std::ptrdiff_t;

/// Up to 16 numbers of a row.
struct Part {
  /// Lanes behind the row's end are zeros.
  TARDIGRAD_INLINE Vector of(const float* row) const {
    return count == kLanes ? load(row + first) : load_part(row + first, count);
  }
  TARDIGRAD_INLINE void set(float* row, Vector value) const {
    count == kLanes ? store(row + first, value) : store_part(row + first, value, count);
  }
  /// With `filling` in the lanes behind the row's end.
  TARDIGRAD_INLINE Vector filled(Vector value, float filling) const {
    return count == kLanes ? value : select(mask_of((1U << count) - 1), value, broadcast(filling));
  }
  Index first, count;
};

/// Calls `visit(part)` for all parts of a row of so many numbers.
template <class Visit>
TARDIGRAD_INLINE void for_parts(Index numbers, Visit visit) {
  Index first = 0;
  for (; first + kLanes <= numbers; first += kLanes) visit(Part{first, kLanes});
  if (first < numbers) visit(Part{first, numbers - first});
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
