/// A layer of LSTM cells (Hochreiter and Schmidhuber 1997; gates and biases as in torch.nn.LSTM) over a sequence.
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/layers/buffer.hpp"

namespace tardigrad {

struct LstmShape {
  std::ptrdiff_t in = 0, units = 0;
};

struct LstmParameters {
  const float* input_weight = nullptr;  ///< 4 units x in
  const float* state_weight = nullptr;  ///< 4 units x units
  const float* input_bias = nullptr;    ///< 4 units
  const float* state_bias = nullptr;    ///< 4 units
};

struct LstmGradients {
  float* input_weight = nullptr;
  float* state_weight = nullptr;
  float* input_bias = nullptr;
  float* state_bias = nullptr;
};

/// Sequences are steps x samples x numbers.
class LstmLayer {
 public:
  /// `kernels` outlive the layer.
  LstmLayer(const LstmShape& shape, const Kernels& kernels) : shape_(shape), kernels_(kernels) {}

  /// The states after each step; the first ones begin at zero. Valid until the next call.
  const float* forward(std::ptrdiff_t samples, std::ptrdiff_t steps, const float* input,
                       const LstmParameters& parameters);
  /// The place for the gradient by the states of the last `forward`: zeros at first.
  float* cleared_state_gradient();
  /// Overwrites the gradients, and `input_gradient` if it is not null.
  void backward(const float* input, const LstmParameters& parameters, const LstmGradients& gradients,
                float* input_gradient);

  const LstmShape& shape() const { return shape_; }

 private:
  std::ptrdiff_t states() const { return samples_ * shape_.units; }
  LstmStep step(std::ptrdiff_t number) const;
  /// Before the first step cells are zeros.
  const float* cells_before(std::ptrdiff_t step) const;
  void backward_through_time(const LstmParameters& parameters);
  void parameter_gradients(const float* input, const LstmGradients& gradients);

  LstmShape shape_;
  const Kernels& kernels_;
  std::ptrdiff_t samples_ = 0, steps_ = 0;
  Floats gates_, cells_, tangents_, states_, zeros_;
  Floats gate_gradient_, state_gradient_, cell_gradient_;
};

}  // namespace tardigrad
