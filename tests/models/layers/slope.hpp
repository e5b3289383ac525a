/// Gradients by finite differences in double precision.
#pragma once

#include <vector>

#include "tests/models/kernels/every_isa.hpp"

namespace tardigrad::test {

using Doubles = std::vector<double>;

inline Doubles doubled(const Floats& values) { return Doubles(values.begin(), values.end()); }

/// The gradient of `function`, which reads `at` by reference.
template <class Function>
Doubles slope(Function function, Doubles& at) {
  constexpr double kStep = 1e-6;
  Doubles gradient;
  for (double& value : at) {
    const double middle = value;
    value = middle + kStep;
    const double above = function();
    value = middle - kStep;
    gradient.push_back((above - function()) / (2 * kStep));
    value = middle;
  }
  return gradient;
}

}  // namespace tardigrad::test
