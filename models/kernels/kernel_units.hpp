/// The kernels of one instruction set: what its table of `Kernels` collects.
#pragma once

#include "models/kernels/kernels.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {

void multiply_matrices(const Product& p);
void multiply_by_transposed(const Product& p);

void exponentials(const float* from, float* to, std::ptrdiff_t count);
void hyperbolic_tangents(const float* from, float* to, std::ptrdiff_t count);
void sigmoids(const float* from, float* to, std::ptrdiff_t count);
double logarithm_of(double a);

void winograd_filters(const Convolution& shape, const float* weights, const WinogradMemory& memory);
void winograd_forward(const Convolution& shape, std::ptrdiff_t pictures, const float* input, const float* bias,
                      float* output, const WinogradMemory& memory);
void winograd_backward(const Convolution& shape, std::ptrdiff_t pictures, const float* input,
                       const float* output_gradient, float* input_gradient, bool is_first,
                       const WinogradMemory& memory);
void winograd_weight_gradient(const Convolution& shape, const WinogradMemory& memory, float* gradient);

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
