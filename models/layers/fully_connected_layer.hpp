/// A fully connected layer: output = input weight^T + bias.
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/layers/buffer.hpp"

namespace tardigrad {

struct FullyConnectedShape {
  std::ptrdiff_t in = 0, out = 0;
};

/// input: samples x in; weight: out x in; output: samples x out.
void connect(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
             const float* weight, const float* bias, float* output);

/// The same by another order of sums, which is faster for many samples. `bias` may be null; `transposed` is memory.
void connect_many(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
                  const float* weight, const float* bias, float* output, Floats& transposed);

struct FullyConnectedGradients {
  float* weight = nullptr;
  float* bias = nullptr;   ///< null: there is none
  float* input = nullptr;  ///< null: not needed
};

/// The way back, from the gradient by the output.
void connect_back(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
                  const float* weight, const float* output_gradient, const FullyConnectedGradients& gradients);

}  // namespace tardigrad
