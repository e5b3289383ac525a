#include "models/layers/fully_connected_layer.hpp"

namespace tardigrad {

void connect(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
             const float* weight, const float* bias, float* output) {
  Product p;
  p.rows = samples, p.columns = shape.out, p.depth = shape.in;
  p.a = input, p.a_row = shape.in;
  p.b = weight, p.b_row = shape.in;
  p.c = output, p.c_row = shape.out;
  kernels.multiply_by_transposed(p);
  kernels.add_to_rows(samples, shape.out, bias, output);
}

void connect_back(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
                  const float* weight, const float* output_gradient, const FullyConnectedGradients& gradients) {
  Product by_weight;
  by_weight.rows = shape.out, by_weight.columns = shape.in, by_weight.depth = samples;
  by_weight.a = output_gradient, by_weight.a_row = 1, by_weight.a_depth = shape.out;
  by_weight.b = input, by_weight.b_row = shape.in;
  by_weight.c = gradients.weight, by_weight.c_row = shape.in;
  kernels.multiply(by_weight);
  kernels.sum_of_rows(samples, shape.out, output_gradient, gradients.bias);
  if (!gradients.input) return;
  Product by_input;
  by_input.rows = samples, by_input.columns = shape.in, by_input.depth = shape.out;
  by_input.a = output_gradient, by_input.a_row = shape.out;
  by_input.b = weight, by_input.b_row = shape.in;
  by_input.c = gradients.input, by_input.c_row = shape.in;
  kernels.multiply(by_input);
}

}  // namespace tardigrad
