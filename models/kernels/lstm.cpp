#include "models/kernels/elementary.hpp"
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/row_parts.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

/// Calls `visit(sample, units of it)` for all units of all samples.
template <class Visit>
TARDIGRAD_INLINE void for_units(Index samples, Index units, Visit visit) {
  for (Index sample = 0; sample < samples; ++sample) {
    for_parts(units, [&](Part part) { visit(sample, part); });
  }
}

/// The four gates of a sample.
template <class Number>
struct Gates {
  TARDIGRAD_INLINE Gates(Number* gates, Index sample, Index units)
      : input(gates + 4 * sample * units), forget(input + units), cell(forget + units), output(cell + units) {}
  Number *input, *forget, *cell, *output;
};

/// Back through a sigmoid of this value.
TARDIGRAD_INLINE Vector through_sigmoid(Vector gradient, Vector value) {
  return gradient * (value * (broadcast(1.0F) - value));
}

/// Back through a hyperbolic tangent of this value.
TARDIGRAD_INLINE Vector through_tangent(Vector gradient, Vector value) {
  return gradient * fnma(value, value, broadcast(1.0F));
}

}  // namespace

void lstm_forward(std::ptrdiff_t samples, std::ptrdiff_t units, const float* previous_cells, const LstmStep& step) {
  for_units(samples, units, [&](Index sample, Part at) {
    const Gates<float> gates(step.gates, sample, units);
    const Vector input = sigmoid(at.of(gates.input)), forget = sigmoid(at.of(gates.forget));
    const Vector candidate = hyperbolic_tangent(at.of(gates.cell)), output = sigmoid(at.of(gates.output));
    const Vector cell = fma(forget, at.of(previous_cells + sample * units), input * candidate);
    const Vector tangent = hyperbolic_tangent(cell);
    at.set(gates.input, input);
    at.set(gates.forget, forget);
    at.set(gates.cell, candidate);
    at.set(gates.output, output);
    at.set(step.cells + sample * units, cell);
    at.set(step.tangents + sample * units, tangent);
    at.set(step.states + sample * units, output * tangent);
  });
}

void lstm_backward(std::ptrdiff_t samples, std::ptrdiff_t units, const float* previous_cells, const LstmStep& step,
                   const float* state_gradient, float* cell_gradient, float* gate_gradient) {
  for_units(samples, units, [&](Index sample, Part at) {
    const Gates<const float> gates(step.gates, sample, units);
    const Gates<float> gradients(gate_gradient, sample, units);
    const Vector input = at.of(gates.input), forget = at.of(gates.forget);
    const Vector candidate = at.of(gates.cell), output = at.of(gates.output);
    const Vector tangent = at.of(step.tangents + sample * units);
    const Vector by_state = at.of(state_gradient + sample * units);
    const Vector by_cell = at.of(cell_gradient + sample * units) + through_tangent(by_state * output, tangent);
    at.set(gradients.input, through_sigmoid(by_cell * candidate, input));
    at.set(gradients.forget, through_sigmoid(by_cell * at.of(previous_cells + sample * units), forget));
    at.set(gradients.cell, through_tangent(by_cell * input, candidate));
    at.set(gradients.output, through_sigmoid(by_state * tangent, output));
    at.set(cell_gradient + sample * units, by_cell * forget);
  });
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
