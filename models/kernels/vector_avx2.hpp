/// Two AVX2 registers: see vector.hpp, which alone includes this file.
#pragma once

#include <immintrin.h>

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

struct Vector {
  __m256 low, high;
};

/// All bits of a lane are set, or none.
struct Mask {
  __m256 low, high;
};

TARDIGRAD_INLINE Vector load(const float* from) { return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}; }
TARDIGRAD_INLINE Vector load_part(const float* from, std::ptrdiff_t count) {
  float lanes[16] = {};
  for (std::ptrdiff_t i = 0; i < count; ++i) lanes[i] = from[i];
  return load(lanes);
}
TARDIGRAD_INLINE void store(float* to, Vector a) {
  _mm256_storeu_ps(to, a.low);
  _mm256_storeu_ps(to + 8, a.high);
}
TARDIGRAD_INLINE void store_part(float* to, Vector a, std::ptrdiff_t count) {
  float lanes[16];
  store(lanes, a);
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = lanes[i];
}
TARDIGRAD_INLINE Vector broadcast(float value) { return {_mm256_set1_ps(value), _mm256_set1_ps(value)}; }

TARDIGRAD_INLINE Vector operator+(Vector a, Vector b) {
  return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}
TARDIGRAD_INLINE Vector operator-(Vector a, Vector b) {
  return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}
TARDIGRAD_INLINE Vector operator*(Vector a, Vector b) {
  return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}
TARDIGRAD_INLINE Vector operator/(Vector a, Vector b) {
  return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
}
TARDIGRAD_INLINE Vector fma(Vector a, Vector b, Vector c) {
  return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
TARDIGRAD_INLINE Vector fnma(Vector a, Vector b, Vector c) {
  return {_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
}
TARDIGRAD_INLINE Vector larger(Vector a, Vector b) {
  return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}
TARDIGRAD_INLINE Vector smaller(Vector a, Vector b) {
  return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}

TARDIGRAD_INLINE __m256 half_power_of_two(__m256 n) {
  const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23));
}
TARDIGRAD_INLINE Vector power_of_two(Vector n) { return {half_power_of_two(n.low), half_power_of_two(n.high)}; }

TARDIGRAD_INLINE Mask greater(Vector a, Vector b) {
  return {_mm256_cmp_ps(a.low, b.low, _CMP_GT_OQ), _mm256_cmp_ps(a.high, b.high, _CMP_GT_OQ)};
}
TARDIGRAD_INLINE Mask not_at_most(Vector a, Vector b) {
  return {_mm256_cmp_ps(a.low, b.low, _CMP_NLE_UQ), _mm256_cmp_ps(a.high, b.high, _CMP_NLE_UQ)};
}
TARDIGRAD_INLINE Mask unordered(Vector a, Vector b) {
  return {_mm256_cmp_ps(a.low, b.low, _CMP_UNORD_Q), _mm256_cmp_ps(a.high, b.high, _CMP_UNORD_Q)};
}
TARDIGRAD_INLINE unsigned bits(Mask mask) {
  return static_cast<unsigned>(_mm256_movemask_ps(mask.low)) | static_cast<unsigned>(_mm256_movemask_ps(mask.high))
                                                                   << 8;
}
TARDIGRAD_INLINE __m256 half_mask_of(unsigned lanes) {
  const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256i set = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(lanes)), bit);
  return _mm256_castsi256_ps(_mm256_cmpeq_epi32(set, bit));
}
TARDIGRAD_INLINE Mask mask_of(unsigned lanes) { return {half_mask_of(lanes), half_mask_of(lanes >> 8)}; }
TARDIGRAD_INLINE Vector select(Mask mask, Vector a, Vector b) {
  return {_mm256_blendv_ps(b.low, a.low, mask.low), _mm256_blendv_ps(b.high, a.high, mask.high)};
}

TARDIGRAD_INLINE float sum_of_lanes(Vector a) {
  const __m256 eight = _mm256_add_ps(a.low, a.high);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

TARDIGRAD_INLINE void transpose_eight(__m256 (&rows)[8]) {
  __m256 a[8], b[8];
  TARDIGRAD_UNROLL for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    a[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  TARDIGRAD_UNROLL for (int i = 0; i < 8; i += 4) {
    b[i] = _mm256_shuffle_ps(a[i], a[i + 2], 0x44);
    b[i + 1] = _mm256_shuffle_ps(a[i], a[i + 2], 0xee);
    b[i + 2] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0x44);
    b[i + 3] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0xee);
  }
  TARDIGRAD_UNROLL for (int i = 0; i < 4; ++i) {
    rows[i] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
    rows[i + 4] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
  }
}

/// Transposes the four quarters, and exchanges the two that lie off the diagonal.
TARDIGRAD_INLINE void transpose(Vector (&rows)[16]) {
  __m256 upper_left[8], upper_right[8], lower_left[8], lower_right[8];
  TARDIGRAD_UNROLL for (int i = 0; i < 8; ++i) {
    upper_left[i] = rows[i].low;
    upper_right[i] = rows[i].high;
    lower_left[i] = rows[i + 8].low;
    lower_right[i] = rows[i + 8].high;
  }
  transpose_eight(upper_left);
  transpose_eight(upper_right);
  transpose_eight(lower_left);
  transpose_eight(lower_right);
  TARDIGRAD_UNROLL for (int i = 0; i < 8; ++i) {
    rows[i] = {upper_left[i], lower_left[i]};
    rows[i + 8] = {upper_right[i], lower_right[i]};
  }
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
