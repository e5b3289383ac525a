/// Plain code for any processor: see vector.hpp, which alone includes this file.
#pragma once

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

struct Vector {
  float lanes[16];
};

struct Mask {
  unsigned lanes;
};

template <class Lane>
TARDIGRAD_INLINE Vector by_lane(Lane lane) {
  Vector result;
  for (int i = 0; i < 16; ++i) result.lanes[i] = lane(i);
  return result;
}

template <class Lane>
TARDIGRAD_INLINE Mask mask_by_lane(Lane lane) {
  Mask result = {0};
  for (int i = 0; i < 16; ++i) result.lanes |= static_cast<unsigned>(lane(i)) << i;
  return result;
}

TARDIGRAD_INLINE Vector load(const float* from) {
  return by_lane([=](int i) { return from[i]; });
}
TARDIGRAD_INLINE Vector load_part(const float* from, std::ptrdiff_t count) {
  return by_lane([=](int i) { return i < count ? from[i] : 0.0F; });
}
TARDIGRAD_INLINE void store_part(float* to, Vector a, std::ptrdiff_t count) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = a.lanes[i];
}
TARDIGRAD_INLINE void store(float* to, Vector a) { store_part(to, a, 16); }
TARDIGRAD_INLINE Vector broadcast(float value) {
  return by_lane([=](int) { return value; });
}

TARDIGRAD_INLINE Vector operator+(Vector a, Vector b) {
  return by_lane([&](int i) { return a.lanes[i] + b.lanes[i]; });
}
TARDIGRAD_INLINE Vector operator-(Vector a, Vector b) {
  return by_lane([&](int i) { return a.lanes[i] - b.lanes[i]; });
}
TARDIGRAD_INLINE Vector operator*(Vector a, Vector b) {
  return by_lane([&](int i) { return a.lanes[i] * b.lanes[i]; });
}
TARDIGRAD_INLINE Vector operator/(Vector a, Vector b) {
  return by_lane([&](int i) { return a.lanes[i] / b.lanes[i]; });
}
TARDIGRAD_INLINE Vector fma(Vector a, Vector b, Vector c) {
  return by_lane([&](int i) { return __builtin_fmaf(a.lanes[i], b.lanes[i], c.lanes[i]); });
}
TARDIGRAD_INLINE Vector fnma(Vector a, Vector b, Vector c) {
  return by_lane([&](int i) { return __builtin_fmaf(-a.lanes[i], b.lanes[i], c.lanes[i]); });
}
TARDIGRAD_INLINE Vector larger(Vector a, Vector b) {
  return by_lane([&](int i) { return a.lanes[i] > b.lanes[i] ? a.lanes[i] : b.lanes[i]; });
}
TARDIGRAD_INLINE Vector smaller(Vector a, Vector b) {
  return by_lane([&](int i) { return a.lanes[i] < b.lanes[i] ? a.lanes[i] : b.lanes[i]; });
}

TARDIGRAD_INLINE float scalar_power_of_two(float n) {
  // A lane that is NaN has no whole number; its product is NaN whatever the power.
  const std::int32_t exponent = n == n ? static_cast<std::int32_t>(n) : 0;
  const std::uint32_t pattern = static_cast<std::uint32_t>(exponent + 127) << 23;
  float result;
  __builtin_memcpy(&result, &pattern, sizeof result);
  return result;
}
TARDIGRAD_INLINE Vector power_of_two(Vector n) {
  return by_lane([&](int i) { return scalar_power_of_two(n.lanes[i]); });
}

TARDIGRAD_INLINE Mask greater(Vector a, Vector b) {
  return mask_by_lane([&](int i) { return a.lanes[i] > b.lanes[i]; });
}
TARDIGRAD_INLINE Mask not_at_most(Vector a, Vector b) {
  return mask_by_lane([&](int i) { return !(a.lanes[i] <= b.lanes[i]); });
}
TARDIGRAD_INLINE Mask unordered(Vector a, Vector b) {
  return mask_by_lane([&](int i) { return a.lanes[i] != a.lanes[i] || b.lanes[i] != b.lanes[i]; });
}
TARDIGRAD_INLINE unsigned bits(Mask mask) { return mask.lanes; }
TARDIGRAD_INLINE Mask mask_of(unsigned lanes) { return {lanes & 0xffffU}; }
TARDIGRAD_INLINE Vector select(Mask mask, Vector a, Vector b) {
  return by_lane([&](int i) { return (mask.lanes >> i & 1U) != 0 ? a.lanes[i] : b.lanes[i]; });
}

TARDIGRAD_INLINE float sum_of_lanes(Vector a) {
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) a.lanes[i] += a.lanes[i + half];
  }
  return a.lanes[0];
}

TARDIGRAD_INLINE void transpose(Vector (&rows)[16]) {
  for (int i = 0; i < 16; ++i) {
    for (int j = 0; j < i; ++j) {
      const float above = rows[j].lanes[i];
      rows[j].lanes[i] = rows[i].lanes[j];
      rows[i].lanes[j] = above;
    }
  }
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
