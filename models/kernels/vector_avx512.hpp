/// One AVX-512 register: see vector.hpp, which alone includes this file.
#pragma once

#include <immintrin.h>

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

struct Vector {
  __m512 lanes;
};

struct Mask {
  __mmask16 lanes;
};

TARDIGRAD_INLINE __mmask16 first_lanes(std::ptrdiff_t count) {
  return static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1);
}

TARDIGRAD_INLINE Vector load(const float* from) { return {_mm512_loadu_ps(from)}; }
TARDIGRAD_INLINE Vector load_part(const float* from, std::ptrdiff_t count) {
  return {_mm512_maskz_loadu_ps(first_lanes(count), from)};
}
TARDIGRAD_INLINE void store(float* to, Vector a) { _mm512_storeu_ps(to, a.lanes); }
TARDIGRAD_INLINE void store_part(float* to, Vector a, std::ptrdiff_t count) {
  _mm512_mask_storeu_ps(to, first_lanes(count), a.lanes);
}
TARDIGRAD_INLINE Vector broadcast(float value) { return {_mm512_set1_ps(value)}; }

TARDIGRAD_INLINE Vector operator+(Vector a, Vector b) { return {_mm512_add_ps(a.lanes, b.lanes)}; }
TARDIGRAD_INLINE Vector operator-(Vector a, Vector b) { return {_mm512_sub_ps(a.lanes, b.lanes)}; }
TARDIGRAD_INLINE Vector operator*(Vector a, Vector b) { return {_mm512_mul_ps(a.lanes, b.lanes)}; }
TARDIGRAD_INLINE Vector operator/(Vector a, Vector b) { return {_mm512_div_ps(a.lanes, b.lanes)}; }
TARDIGRAD_INLINE Vector fma(Vector a, Vector b, Vector c) { return {_mm512_fmadd_ps(a.lanes, b.lanes, c.lanes)}; }
TARDIGRAD_INLINE Vector fnma(Vector a, Vector b, Vector c) { return {_mm512_fnmadd_ps(a.lanes, b.lanes, c.lanes)}; }
TARDIGRAD_INLINE Vector larger(Vector a, Vector b) { return {_mm512_max_ps(a.lanes, b.lanes)}; }
TARDIGRAD_INLINE Vector smaller(Vector a, Vector b) { return {_mm512_min_ps(a.lanes, b.lanes)}; }

TARDIGRAD_INLINE Vector power_of_two(Vector n) {
  const __m512i exponent = _mm512_add_epi32(_mm512_cvtps_epi32(n.lanes), _mm512_set1_epi32(127));
  return {_mm512_castsi512_ps(_mm512_slli_epi32(exponent, 23))};
}

TARDIGRAD_INLINE Mask greater(Vector a, Vector b) { return {_mm512_cmp_ps_mask(a.lanes, b.lanes, _CMP_GT_OQ)}; }
TARDIGRAD_INLINE Mask not_at_most(Vector a, Vector b) { return {_mm512_cmp_ps_mask(a.lanes, b.lanes, _CMP_NLE_UQ)}; }
TARDIGRAD_INLINE Mask unordered(Vector a, Vector b) { return {_mm512_cmp_ps_mask(a.lanes, b.lanes, _CMP_UNORD_Q)}; }
TARDIGRAD_INLINE unsigned bits(Mask mask) { return mask.lanes; }
TARDIGRAD_INLINE Mask mask_of(unsigned lanes) { return {static_cast<__mmask16>(lanes)}; }
TARDIGRAD_INLINE Vector select(Mask mask, Vector a, Vector b) {
  return {_mm512_mask_mov_ps(b.lanes, mask.lanes, a.lanes)};
}

TARDIGRAD_INLINE float sum_of_lanes(Vector a) {
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a.lanes), _mm512_extractf32x8_ps(a.lanes, 1));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

TARDIGRAD_INLINE __m512 low_pairs(__m512 a, __m512 b) {
  return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
}
TARDIGRAD_INLINE __m512 high_pairs(__m512 a, __m512 b) {
  return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
}

TARDIGRAD_INLINE void transpose(Vector (&rows)[16]) {
  __m512 a[16], b[16];
  TARDIGRAD_UNROLL for (int i = 0; i < 16; i += 2) {  // two by two
    a[i] = _mm512_unpacklo_ps(rows[i].lanes, rows[i + 1].lanes);
    a[i + 1] = _mm512_unpackhi_ps(rows[i].lanes, rows[i + 1].lanes);
  }
  TARDIGRAD_UNROLL for (int i = 0; i < 16; i += 4) {  // four by four, in each quarter of the registers
    b[i] = low_pairs(a[i], a[i + 2]);
    b[i + 1] = high_pairs(a[i], a[i + 2]);
    b[i + 2] = low_pairs(a[i + 1], a[i + 3]);
    b[i + 3] = high_pairs(a[i + 1], a[i + 3]);
  }
  TARDIGRAD_UNROLL for (int i = 0; i < 16; i += 8) {  // quarters between registers
    TARDIGRAD_UNROLL for (int j = i; j < i + 4; ++j) {
      a[j] = _mm512_shuffle_f32x4(b[j], b[j + 4], 0x88);
      a[j + 4] = _mm512_shuffle_f32x4(b[j], b[j + 4], 0xdd);
    }
  }
  TARDIGRAD_UNROLL for (int j = 0; j < 8; ++j) {
    rows[j].lanes = _mm512_shuffle_f32x4(a[j], a[j + 8], 0x88);
    rows[j + 8].lanes = _mm512_shuffle_f32x4(a[j], a[j + 8], 0xdd);
  }
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
