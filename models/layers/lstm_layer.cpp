#include "models/layers/lstm_layer.hpp"

#include <algorithm>

#include "models/layers/fully_connected_layer.hpp"

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

constexpr Index kGates = 4;

}  // namespace

LstmStep LstmLayer::step(Index number) const {
  const Index before = number * states();
  return {gates_.get() + kGates * before, cells_.get() + before, tangents_.get() + before, states_.get() + before};
}

const float* LstmLayer::cells_before(Index number) const { return number == 0 ? zeros_.get() : step(number - 1).cells; }

const float* LstmLayer::forward(Index samples, Index steps, const float* input, const LstmParameters& parameters) {
  samples_ = samples;
  steps_ = steps;
  const Index gates = kGates * shape_.units;
  for (Floats* each : {&cells_, &tangents_, &states_}) each->at_least(steps * states());
  zeros_.at_least(states());
  float* all_gates = gates_.at_least(steps * samples * gates);
  // The inputs' part of the gates does not depend on the states.
  connect(kernels_, {shape_.in, gates}, steps * samples, input, parameters.input_weight, parameters.input_bias,
          all_gates);
  kernels_.add_to_rows(steps * samples, gates, parameters.state_bias, all_gates);
  for (Index t = 0; t < steps; ++t) {
    const LstmStep now = step(t);
    if (t > 0) {
      Product p;
      p.rows = samples, p.columns = gates, p.depth = shape_.units;
      p.a = step(t - 1).states, p.a_row = shape_.units;
      p.b = parameters.state_weight, p.b_row = shape_.units;
      p.c = now.gates, p.c_row = gates;
      p.accumulates = true;
      kernels_.multiply_by_transposed(p);
    }
    kernels_.lstm_forward(samples, shape_.units, cells_before(t), now);
  }
  return states_.get();
}

float* LstmLayer::cleared_state_gradient() {
  float* gradient = state_gradient_.at_least(steps_ * states());
  std::fill_n(gradient, steps_ * states(), 0.0F);
  return gradient;
}

void LstmLayer::backward(const float* input, const LstmParameters& parameters, const LstmGradients& gradients,
                         float* input_gradient) {
  backward_through_time(parameters);
  parameter_gradients(input, gradients);
  if (!input_gradient) return;
  Product p;
  p.rows = steps_ * samples_, p.columns = shape_.in, p.depth = kGates * shape_.units;
  p.a = gate_gradient_.get(), p.a_row = p.depth;
  p.b = parameters.input_weight, p.b_row = shape_.in;
  p.c = input_gradient, p.c_row = shape_.in;
  kernels_.multiply(p);
}

void LstmLayer::backward_through_time(const LstmParameters& parameters) {
  const Index gates = kGates * shape_.units;
  float* gate_gradient = gate_gradient_.at_least(steps_ * samples_ * gates);
  float* cell_gradient = cell_gradient_.at_least(states());
  std::fill_n(cell_gradient, states(), 0.0F);
  for (Index t = steps_ - 1; t >= 0; --t) {
    float* of_step = gate_gradient + t * samples_ * gates;
    kernels_.lstm_backward(samples_, shape_.units, cells_before(t), step(t), state_gradient_.get() + t * states(),
                           cell_gradient, of_step);
    if (t == 0) return;
    Product p;
    p.rows = samples_, p.columns = shape_.units, p.depth = gates;
    p.a = of_step, p.a_row = gates;
    p.b = parameters.state_weight, p.b_row = shape_.units;
    p.c = state_gradient_.get() + (t - 1) * states(), p.c_row = shape_.units;
    p.accumulates = true;
    kernels_.multiply(p);
  }
}

void LstmLayer::parameter_gradients(const float* input, const LstmGradients& gradients) {
  const Index gates = kGates * shape_.units, rows = steps_ * samples_;
  connect_back(kernels_, {shape_.in, gates}, rows, input, nullptr, gate_gradient_.get(),
               {gradients.input_weight, gradients.input_bias, nullptr});
  // A step's gates read the states of the step before; the first one's read zeros.
  Product p;
  p.rows = gates, p.columns = shape_.units, p.depth = rows - samples_;
  p.a = gate_gradient_.get() + samples_ * gates, p.a_row = 1, p.a_depth = gates;
  p.b = states_.get(), p.b_row = shape_.units;
  p.c = gradients.state_weight, p.c_row = shape_.units;
  kernels_.multiply(p);
  std::copy_n(gradients.input_bias, gates, gradients.state_bias);
}

}  // namespace tardigrad
