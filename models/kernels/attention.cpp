/// The softmax of attention, in which a step sees itself and those before it.
#include "models/kernels/elementary.hpp"
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/row_parts.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

/// Not counting NaN.
float greatest(const float* row, Index count) {
  constexpr float kLeast = -__builtin_inff();
  Vector highest = broadcast(kLeast);
  for_parts(count, [&](Part part) { highest = larger(part.filled(part.of(row), kLeast), highest); });
  float lanes[kLanes];
  store(lanes, highest);
  float result = kLeast;
  for (const float lane : lanes) result = lane > result ? lane : result;
  return result;
}

void clear(float* from, const float* end) {
  while (from < end) *from++ = 0;
}

}  // namespace

void causal_softmax(std::ptrdiff_t steps, float factor, float* scores) {
  for (Index row = 0; row < steps; ++row, scores += steps) {
    const Vector highest = broadcast(greatest(scores, row + 1));
    Vector sum = zeros();
    for_parts(row + 1, [&](Part part) {
      const Vector power = exponential((part.of(scores) - highest) * broadcast(factor));
      part.set(scores, power);
      sum = sum + part.filled(power, 0);
    });
    const Vector inverse = broadcast(1 / sum_of_lanes(sum));
    for_parts(row + 1, [&](Part part) { part.set(scores, part.of(scores) * inverse); });
    clear(scores + row + 1, scores + steps);
  }
}

void causal_softmax_back(std::ptrdiff_t steps, float factor, const float* shares, float* gradient) {
  for (Index row = 0; row < steps; ++row, shares += steps, gradient += steps) {
    Vector sum = zeros();
    for_parts(row + 1, [&](Part part) { sum = fma(part.of(shares), part.of(gradient), sum); });
    const Vector mean = broadcast(sum_of_lanes(sum));
    for_parts(row + 1,
              [&](Part part) { part.set(gradient, part.of(shares) * (part.of(gradient) - mean) * broadcast(factor)); });
    clear(gradient + row + 1, gradient + steps);
  }
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
