/// Sixteen floats, the unit in which all kernels compute: one register of AVX-512, two of AVX2, or plain code. All
/// forms give the same bytes (apart from the payloads of NaN). Nothing but these forms knows a processor's
/// instructions.
///
/// Each form defines:
///
///   Vector  load, load_part, store, store_part (a part: the first `count` < 16 lanes; others are loaded as zeros)
///           broadcast, + - * / by lane
///           fma(a, b, c) = a b + c and fnma(a, b, c) = c - a b, rounded once
///           larger(a, b) = a > b ? a : b and smaller(a, b) = a < b ? a : b, thus b where one is NaN
///           power_of_two(n), where n has whole numbers in [-126, 127]
///           sum_of_lanes: pairs at distance 8, then 4, 2, 1
///           transpose: 16 vectors as rows of a matrix
///   Mask    greater(a, b): a > b; not_at_most(a, b): a > b or one is NaN; unordered(a, b): one is NaN
///           bits, mask_of (bit i is lane i), select(mask, a, b) = a where the mask is set, else b
///
/// A file that includes this one is compiled once for each instruction set, with TARDIGRAD_ISA_NAMESPACE naming it.
#pragma once

#include <cstddef>
#include <cstdint>

#define TARDIGRAD_INLINE inline __attribute__((always_inline))
#ifdef __clang__
#define TARDIGRAD_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TARDIGRAD_UNROLL _Pragma("GCC unroll 64")
#endif

#if defined(TARDIGRAD_ISA_AVX512)
#include "models/kernels/vector_avx512.hpp"
#elif defined(TARDIGRAD_ISA_AVX2)
#include "models/kernels/vector_avx2.hpp"
#else
#include "models/kernels/vector_plain.hpp"
#endif

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

constexpr std::ptrdiff_t kLanes = 16;

TARDIGRAD_INLINE Vector zeros() { return broadcast(0.0F); }

TARDIGRAD_INLINE Vector operator-(Vector a) { return zeros() - a; }

/// The sums of the lanes of 16 vectors, in the order of sum_of_lanes. Overwrites the vectors.
TARDIGRAD_INLINE Vector sums_of_lanes(Vector (&rows)[16]) {
  transpose(rows);
  TARDIGRAD_UNROLL for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) rows[i] = rows[i] + rows[i + half];
  }
  return rows[0];
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
