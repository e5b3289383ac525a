/// Winograd's minimal filtering (Winograd 1980; for networks Lavin and Gray, CVPR 2016): four outputs of a filter of
/// `kSide` taps from `kPoints` = 4 + kSide - 1 inputs d by as many products, y = A^T ((G g) * (B^T d)). In two
/// dimensions each transform is applied to columns, then to rows. The points of interpolation are 0, 1, -1, 2, -2, for
/// five taps also 1/2 and -1/2, and infinity.
///
/// A convolution's ways back use the same matrices: B for the gradient by the inputs, A for that by the products, G^T
/// for that by the filter.
#pragma once

#include "models/kernels/vector.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

/// Outputs of a tile in each dimension.
constexpr int kTile = 4;

/// b + a c, with a number.
TARDIGRAD_INLINE Vector plus(Vector b, float a, Vector c) { return fma(broadcast(a), c, b); }
TARDIGRAD_INLINE Vector times(float a, Vector b) { return broadcast(a) * b; }
TARDIGRAD_INLINE void sum_and_difference(Vector a, Vector b, Vector* results) {
  results[0] = a + b;
  results[1] = a - b;
}

struct FiveTaps {
  static constexpr int kSide = 5;
  static constexpr int kPoints = 8;

  /// B^T d
  static TARDIGRAD_INLINE void input(const Vector* d, Vector* r) {
    r[0] = plus(d[0] - d[6], 5.25F, d[4] - d[2]);
    sum_and_difference(plus(d[2] + d[6], -4.25F, d[4]), plus(d[1] + d[5], -4.25F, d[3]), r + 1);
    sum_and_difference(plus(plus(d[6], -1.25F, d[4]), 0.25F, d[2]), plus(plus(times(0.5F, d[1]), -2.5F, d[3]), 2, d[5]),
                       r + 3);
    sum_and_difference(plus(plus(d[6], -5, d[4]), 4, d[2]), plus(plus(times(2, d[1]), -2.5F, d[3]), 0.5F, d[5]), r + 5);
    r[7] = plus(d[7] - d[1], 5.25F, d[3] - d[5]);
  }

  /// B v
  static TARDIGRAD_INLINE void input_back(const Vector* v, Vector* r) {
    Vector one[2], two[2], half[2];  // sum and difference of the values at these points and their negatives
    sum_and_difference(v[1], v[2], one);
    sum_and_difference(v[3], v[4], two);
    sum_and_difference(v[5], v[6], half);
    r[0] = v[0];
    r[1] = plus(plus(one[1] - v[7], 0.5F, two[1]), 2, half[1]);
    r[2] = plus(plus(plus(one[0], -5.25F, v[0]), 0.25F, two[0]), 4, half[0]);
    r[3] = plus(plus(times(5.25F, v[7]), -4.25F, one[1]), -2.5F, two[1] + half[1]);
    r[4] = plus(plus(plus(times(5.25F, v[0]), -4.25F, one[0]), -1.25F, two[0]), -5, half[0]);
    r[5] = plus(plus(plus(one[1], -5.25F, v[7]), 2, two[1]), 0.5F, half[1]);
    r[6] = (one[0] - v[0]) + (two[0] + half[0]);
    r[7] = v[7];
  }

  /// A^T m
  static TARDIGRAD_INLINE void output(const Vector* m, Vector* r) {
    Vector one[2], two[2], half[2];
    sum_and_difference(m[1], m[2], one);
    sum_and_difference(m[3], m[4], two);
    sum_and_difference(m[5], m[6], half);
    r[0] = (m[0] + one[0]) + (two[0] + half[0]);
    r[1] = plus(plus(one[1], 2, two[1]), 0.5F, half[1]);
    r[2] = plus(plus(one[0], 4, two[0]), 0.25F, half[0]);
    r[3] = plus(plus(one[1] + m[7], 8, two[1]), 0.125F, half[1]);
  }

  /// A y
  static TARDIGRAD_INLINE void output_back(const Vector* y, Vector* r) {
    r[0] = y[0];
    sum_and_difference(y[0] + y[2], y[1] + y[3], r + 1);
    sum_and_difference(plus(y[0], 4, y[2]), plus(times(2, y[1]), 8, y[3]), r + 3);
    sum_and_difference(plus(y[0], 0.25F, y[2]), plus(times(0.5F, y[1]), 0.125F, y[3]), r + 5);
    r[7] = y[3];
  }

  // The rows of G are powers of the points, times these.
  static constexpr float kOne = -2.0F / 9;
  static constexpr float kTwo = 1.0F / 90;
  static constexpr float kHalf = 32.0F / 45;

  /// G g
  static TARDIGRAD_INLINE void filter(const Vector* g, Vector* r) {
    r[0] = g[0];
    sum_and_difference(times(kOne, g[0] + g[2] + g[4]), times(kOne, g[1] + g[3]), r + 1);
    sum_and_difference(plus(plus(times(kTwo, g[0]), 4 * kTwo, g[2]), 16 * kTwo, g[4]),
                       plus(times(2 * kTwo, g[1]), 8 * kTwo, g[3]), r + 3);
    sum_and_difference(plus(plus(times(kHalf, g[0]), kHalf / 4, g[2]), kHalf / 16, g[4]),
                       plus(times(kHalf / 2, g[1]), kHalf / 8, g[3]), r + 5);
    r[7] = g[4];
  }

  /// G^T u
  static TARDIGRAD_INLINE void filter_back(const Vector* u, Vector* r) {
    Vector one[2], two[2], half[2];
    sum_and_difference(times(kOne, u[1]), times(kOne, u[2]), one);
    sum_and_difference(times(kTwo, u[3]), times(kTwo, u[4]), two);
    sum_and_difference(times(kHalf, u[5]), times(kHalf, u[6]), half);
    r[0] = (u[0] + one[0]) + (two[0] + half[0]);
    r[1] = plus(plus(one[1], 2, two[1]), 0.5F, half[1]);
    r[2] = plus(plus(one[0], 4, two[0]), 0.25F, half[0]);
    r[3] = plus(plus(one[1], 8, two[1]), 0.125F, half[1]);
    r[4] = plus(plus(one[0] + u[7], 16, two[0]), 0.0625F, half[0]);
  }
};

struct ThreeTaps {
  static constexpr int kSide = 3;
  static constexpr int kPoints = 6;

  static TARDIGRAD_INLINE void input(const Vector* d, Vector* r) {
    r[0] = plus(plus(d[4], -5, d[2]), 4, d[0]);
    sum_and_difference(plus(d[4], -4, d[2]), plus(d[3], -4, d[1]), r + 1);
    sum_and_difference(d[4] - d[2], times(2, d[3] - d[1]), r + 3);
    r[5] = plus(plus(d[5], -5, d[3]), 4, d[1]);
  }

  static TARDIGRAD_INLINE void input_back(const Vector* v, Vector* r) {
    Vector one[2], two[2];
    sum_and_difference(v[1], v[2], one);
    sum_and_difference(v[3], v[4], two);
    r[0] = times(4, v[0]);
    r[1] = plus(times(-2, two[1]), 4, v[5] - one[1]);
    r[2] = plus(plus(-two[0], -4, one[0]), -5, v[0]);
    r[3] = plus(plus(one[1], 2, two[1]), -5, v[5]);
    r[4] = v[0] + (one[0] + two[0]);
    r[5] = v[5];
  }

  static TARDIGRAD_INLINE void output(const Vector* m, Vector* r) {
    Vector one[2], two[2];
    sum_and_difference(m[1], m[2], one);
    sum_and_difference(m[3], m[4], two);
    r[0] = m[0] + (one[0] + two[0]);
    r[1] = plus(one[1], 2, two[1]);
    r[2] = plus(one[0], 4, two[0]);
    r[3] = plus(one[1] + m[5], 8, two[1]);
  }

  static TARDIGRAD_INLINE void output_back(const Vector* y, Vector* r) {
    r[0] = y[0];
    sum_and_difference(y[0] + y[2], y[1] + y[3], r + 1);
    sum_and_difference(plus(y[0], 4, y[2]), plus(times(2, y[1]), 8, y[3]), r + 3);
    r[5] = y[3];
  }

  static constexpr float kZero = 1.0F / 4;
  static constexpr float kOne = -1.0F / 6;
  static constexpr float kTwo = 1.0F / 24;

  static TARDIGRAD_INLINE void filter(const Vector* g, Vector* r) {
    r[0] = times(kZero, g[0]);
    sum_and_difference(times(kOne, g[0] + g[2]), times(kOne, g[1]), r + 1);
    sum_and_difference(plus(times(kTwo, g[0]), 4 * kTwo, g[2]), times(2 * kTwo, g[1]), r + 3);
    r[5] = g[2];
  }

  static TARDIGRAD_INLINE void filter_back(const Vector* u, Vector* r) {
    Vector one[2], two[2];
    sum_and_difference(times(kOne, u[1]), times(kOne, u[2]), one);
    sum_and_difference(times(kTwo, u[3]), times(kTwo, u[4]), two);
    r[0] = plus(one[0] + two[0], kZero, u[0]);
    r[1] = plus(one[1], 2, two[1]);
    r[2] = plus(one[0] + u[5], 4, two[0]);
  }
};

/// A transform of a square, applied to its columns, then to its rows. `load_of(row, column)` are the square's values,
/// `store_to(row, column, value)` gets the results.
template <int in, int out, void (*rule)(const Vector*, Vector*), class Load, class Store>
TARDIGRAD_INLINE void transform_square(Load load_of, Store store_to) {
  alignas(64) float between[out * in * kLanes];
  for (int column = 0; column < in; ++column) {
    Vector values[in], results[out];
    TARDIGRAD_UNROLL for (int row = 0; row < in; ++row) values[row] = load_of(row, column);
    rule(values, results);
    TARDIGRAD_UNROLL for (int row = 0; row < out; ++row) store(between + (row * in + column) * kLanes, results[row]);
  }
  for (int row = 0; row < out; ++row) {
    Vector values[in], results[out];
    TARDIGRAD_UNROLL for (int column = 0; column < in; ++column) {
      values[column] = load(between + (row * in + column) * kLanes);
    }
    rule(values, results);
    TARDIGRAD_UNROLL for (int column = 0; column < out; ++column) store_to(row, column, results[column]);
  }
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
