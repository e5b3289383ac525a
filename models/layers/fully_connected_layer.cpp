#include "models/layers/fully_connected_layer.hpp"

#include <algorithm>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

/// So many rows of the second factor, times the width of a tile of results, stay in a core's cache.
constexpr Index kDepthTogether = 256;

/// Rows that are a power of two apart would meet in the same places of a cache.
constexpr Index kPadding = 16;

/// The same sums, in pieces of the depth.
void multiply_deep(const Kernels& kernels, Product p) {
  const Index depth = p.depth;
  for (Index begin = 0; begin < depth; begin += kDepthTogether) {
    p.depth = std::min(kDepthTogether, depth - begin);
    p.accumulates = begin > 0;
    kernels.multiply(p);
    p.a += p.depth * p.a_depth;
    p.b += p.depth * p.b_row;
  }
}

}  // namespace

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

void connect_many(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
                  const float* weight, const float* bias, float* output, Floats& transposed) {
  const Index row = shape.out + kPadding;
  float* columns = transposed.at_least(shape.in * row);
  kernels.transpose(shape.out, shape.in, weight, shape.in, columns, row);
  Product p;
  p.rows = samples, p.columns = shape.out, p.depth = shape.in;
  p.a = input, p.a_row = shape.in;
  p.b = columns, p.b_row = row;
  p.c = output, p.c_row = shape.out;
  multiply_deep(kernels, p);
  if (bias) kernels.add_to_rows(samples, shape.out, bias, output);
}

void connect_back(const Kernels& kernels, const FullyConnectedShape& shape, std::ptrdiff_t samples, const float* input,
                  const float* weight, const float* output_gradient, const FullyConnectedGradients& gradients) {
  Product by_weight;
  by_weight.rows = shape.out, by_weight.columns = shape.in, by_weight.depth = samples;
  by_weight.a = output_gradient, by_weight.a_row = 1, by_weight.a_depth = shape.out;
  by_weight.b = input, by_weight.b_row = shape.in;
  by_weight.c = gradients.weight, by_weight.c_row = shape.in;
  multiply_deep(kernels, by_weight);
  if (gradients.bias) kernels.sum_of_rows(samples, shape.out, output_gradient, gradients.bias);
  if (!gradients.input) return;
  Product by_input;
  by_input.rows = samples, by_input.columns = shape.in, by_input.depth = shape.out;
  by_input.a = output_gradient, by_input.a_row = shape.out;
  by_input.b = weight, by_input.b_row = shape.in;
  by_input.c = gradients.input, by_input.c_row = shape.in;
  multiply_deep(kernels, by_input);
}

}  // namespace tardigrad
