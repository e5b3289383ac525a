#include "models/kernels/elementary.hpp"

#include "models/kernels/kernel_units.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

template <class Function>
TARDIGRAD_INLINE void apply(Function function, const float* from, float* to, std::ptrdiff_t count) {
  for (; count >= kLanes; count -= kLanes, from += kLanes, to += kLanes) store(to, function(load(from)));
  if (count > 0) store_part(to, function(load_part(from, count)), count);
}

}  // namespace

void exponentials(const float* from, float* to, std::ptrdiff_t count) {
  apply([](Vector a) { return exponential(a); }, from, to, count);
}

void hyperbolic_tangents(const float* from, float* to, std::ptrdiff_t count) {
  apply([](Vector a) { return hyperbolic_tangent(a); }, from, to, count);
}

void sigmoids(const float* from, float* to, std::ptrdiff_t count) {
  apply([](Vector a) { return sigmoid(a); }, from, to, count);
}

double logarithm_of(double a) { return logarithm(a); }

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
