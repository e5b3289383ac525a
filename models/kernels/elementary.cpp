#include "models/kernels/elementary.hpp"

#include "models/kernels/kernel_units.hpp"
#include "models/kernels/row_parts.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

template <class Function>
TARDIGRAD_INLINE void apply(Function function, const float* from, float* to, std::ptrdiff_t count) {
  for_parts(count, [&](Part part) { part.set(to, function(part.of(from))); });
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

void gelus(std::ptrdiff_t count, const float* from, float* to) {
  apply([](Vector a) { return Gelu(a).value(); }, from, to, count);
}

void gelus_back(std::ptrdiff_t count, const float* from, float* gradient) {
  for_parts(count, [&](Part part) { part.set(gradient, part.of(gradient) * Gelu(part.of(from)).slope()); });
}

double logarithm_of(double a) { return logarithm(a); }

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
