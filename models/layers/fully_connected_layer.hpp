/// A fully connected layer: output = input weight^T + bias.
#pragma once

#include "models/kernels/kernels.hpp"

namespace tardigrad {

struct FullyConnectedShape {
  std::ptrdiff_t in = 0, out = 0;
};

/// input: samples x in; weight: out x in; output: samples x out.
void connect(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
             const float* weight, const float* bias, float* output);

struct FullyConnectedGradients {
  float* weight = nullptr;
  float* bias = nullptr;
  float* input = nullptr;  ///< null: not needed
};

/// The way back, from the gradient by the output.
void connect_back(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
                  const float* weight, const float* output_gradient, const FullyConnectedGradients& gradients);

}  // namespace tardigrad
