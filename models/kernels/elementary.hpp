/// Exponential function, hyperbolic tangent and logarithm of our own: those of C libraries differ between releases and
/// processors in the last bit. NaN stays NaN.
#pragma once

#include "models/kernels/vector.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

/// To the nearest whole number, for |a| < 2^22: beyond 1.5 2^23 floats have no places for fractions.
TARDIGRAD_INLINE Vector rounded(Vector a) {
  const Vector shift = broadcast(12582912.0F);
  return (a + shift) - shift;
}

/// exp(a) = 2^n exp(r) with |r| <= ln(2) / 2; exp(r) by the polynomial of the Cephes library (S. Moshier), within two
/// units in the last place.
TARDIGRAD_INLINE Vector exponential(Vector a) {
  // Beyond these bounds the result is 0 or infinite.
  a = smaller(broadcast(89.0F), larger(broadcast(-104.0F), a));
  const Vector n = rounded(a * broadcast(1.44269504F));
  Vector r = fnma(n, broadcast(0.693359375F), a);
  r = fnma(n, broadcast(-2.12194440e-4F), r);
  Vector p = fma(broadcast(1.9875691500e-4F), r, broadcast(1.3981999507e-3F));
  p = fma(p, r, broadcast(8.3334519073e-3F));
  p = fma(p, r, broadcast(4.1665795894e-2F));
  p = fma(p, r, broadcast(1.6666665459e-1F));
  p = fma(p, r, broadcast(5.0000001201e-1F));
  p = fma(p, r * r, r) + broadcast(1.0F);
  // In two factors, as 2^n alone may be too large or too small for a float.
  const Vector half = rounded(n * broadcast(0.5F));
  return p * power_of_two(half) * power_of_two(n - half);
}

/// By the exponential function, and by the polynomial of the Cephes library near 0, where that would cancel.
TARDIGRAD_INLINE Vector hyperbolic_tangent(Vector a) {
  const Vector size = larger(a, -a);
  const Vector one = broadcast(1.0F), two = broadcast(2.0F);
  const Vector far = one - two / (exponential(two * size) + one);
  const Vector square = a * a;
  Vector p = fma(broadcast(-5.70498872745e-3F), square, broadcast(2.06390887954e-2F));
  p = fma(p, square, broadcast(-5.37397155531e-2F));
  p = fma(p, square, broadcast(1.33314422036e-1F));
  p = fma(p, square, broadcast(-3.33332819422e-1F));
  const Vector near = fma(p * square, a, a);
  const Vector signed_far = select(greater(zeros(), a), -far, far);
  return select(greater(size, broadcast(0.625F)), signed_far, near);
}

TARDIGRAD_INLINE Vector sigmoid(Vector a) {
  const Vector one = broadcast(1.0F);
  return one / (one + exponential(-a));
}

/// GELU and its slope at some numbers a: a s(2 u), where s is the sigmoid function and u = sqrt(2 / pi) (a + 0.044715
/// a^3). As 1 + tanh(u) = 2 s(2 u), this is its form by the hyperbolic tangent.
struct Gelu {
  TARDIGRAD_INLINE explicit Gelu(Vector numbers) : a(numbers), square(a * a) {
    share = sigmoid(a * fma(square, broadcast(0.0713548163F), broadcast(1.59576912F)));
  }
  TARDIGRAD_INLINE Vector value() const { return a * share; }
  TARDIGRAD_INLINE Vector slope() const {
    const Vector inner = fma(square, broadcast(0.214064449F), broadcast(1.59576912F));
    return fma(a * inner, share * (broadcast(1.0F) - share), share);
  }
  Vector a, square, share;
};

/// For a >= 2^-1022: a = 2^n m, with log(m) by the series of the area hyperbolic tangent.
TARDIGRAD_INLINE double logarithm(double a) {
  if (!(a < __builtin_inf())) return a;  // infinite or NaN
  std::uint64_t pattern;
  __builtin_memcpy(&pattern, &a, sizeof pattern);
  // m in [0.75, 1.5), so that log(m) does not cancel n log(2).
  const std::uint64_t three_quarters = 0x3fe8000000000000U;
  const auto n = static_cast<std::int64_t>(pattern - three_quarters) >> 52;
  pattern -= static_cast<std::uint64_t>(n) << 52;
  double m;
  __builtin_memcpy(&m, &pattern, sizeof m);
  const double s = (m - 1) / (m + 1), square = s * s;
  double series = 0;
  for (int k = 23; k > 0; k -= 2) series = series * square + 1.0 / k;
  return static_cast<double>(n) * 0.69314718055994530942 + 2 * s * series;
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
