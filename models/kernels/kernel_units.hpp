/// The kernels of one instruction set: what its table of `Kernels` collects, in the same order.
#pragma once

#include "models/kernels/kernels.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {

void multiply_matrices(const Product& p);
void multiply_by_transposed(const Product& p);
void transpose_matrix(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* from, std::ptrdiff_t from_row,
                      float* to, std::ptrdiff_t to_row);

void exponentials(const float* from, float* to, std::ptrdiff_t count);
void hyperbolic_tangents(const float* from, float* to, std::ptrdiff_t count);
void sigmoids(const float* from, float* to, std::ptrdiff_t count);
double logarithm_of(double number);
void rectify_numbers(std::ptrdiff_t count, float* values);
void mask_by_output(std::ptrdiff_t count, const float* output, float* gradient);
void gelus(std::ptrdiff_t count, const float* from, float* to);
void gelus_back(std::ptrdiff_t count, const float* from, float* gradient);
void descend(std::ptrdiff_t count, float learning_rate, const float* gradient, float* model);

void add_to_rows(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* addend, float* values);
void sum_of_rows(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* values, float* sums);
double cross_entropy(std::ptrdiff_t samples, std::ptrdiff_t classes, const float* scores, const std::int64_t* labels,
                     float* gradient);
void flatten(const Planes& planes, const float* pictures, float* rows);
void unflatten(const Planes& planes, const float* rows, float* pictures);
void lstm_forward(std::ptrdiff_t samples, std::ptrdiff_t units, const float* previous_cells, const LstmStep& step);
void lstm_backward(std::ptrdiff_t samples, std::ptrdiff_t units, const float* previous_cells, const LstmStep& step,
                   const float* state_gradient, float* cell_gradient, float* gate_gradient);

void layer_norm(const NormalisedRows& rows, const float* shift, float* output);
void layer_norm_back(const NormalisedRows& rows, const float* output_gradient, float* scale_gradient,
                     float* shift_gradient, float* gradient);
void causal_softmax(std::ptrdiff_t steps, float factor, float* scores);
void causal_softmax_back(std::ptrdiff_t steps, float factor, const float* shares, float* gradient);

void winograd_filters(const Convolution& shape, const float* weights, const WinogradMemory& memory);
void winograd_forward(const Convolution& shape, std::ptrdiff_t pictures, const float* input, const float* bias,
                      float* output, const WinogradMemory& memory);
void winograd_backward(const Convolution& shape, std::ptrdiff_t pictures, const float* input,
                       const float* output_gradient, float* input_gradient, bool is_first,
                       const WinogradMemory& memory);
void winograd_weight_gradient(const Convolution& shape, const WinogradMemory& memory, float* gradient);

std::ptrdiff_t shallow_phases(const Convolution& shape);
std::ptrdiff_t shallow_tiles(const Convolution& shape);
void shallow_filters(const Convolution& shape, const float* weights, const ShallowMemory& memory);
void shallow_inputs(const Convolution& shape, const float* picture, const ShallowMemory& memory);
void shallow_forward(const Convolution& shape, const float* bias, float* output, const ShallowMemory& memory);
void shallow_backward(const Convolution& shape, const float* output_gradient, bool is_first,
                      const ShallowMemory& memory);
void shallow_weight_gradient(const Convolution& shape, const ShallowMemory& memory, float* gradient);

void unfold(const Convolution& shape, const float* picture, float* rows);
void fold(const Convolution& shape, const float* rows, float* picture);
void pixels_to_blocks(const Planes& planes, const float* rows, float* pictures);
void blocks_to_pixels(const Planes& planes, const float* pictures, float* rows);

void channel_moments(const Planes& planes, const float* pictures, float* means, float* squares);
void rectify(const Planes& planes, const float* pictures, const float* factors, const float* shifts,
             const float* addend, float* output);
void pool_rectified(const Planes& planes, const float* pictures, const float* factors, const float* shifts,
                    float* output, float* winning, Winners* winners);
void gradient_sums(const Planes& planes, const float* gradient, const float* pictures, const float* means, float* sums,
                   float* products);
void pooled_gradient_sums(const Planes& planes, const float* gradient, const float* winning, const Winners* winners,
                          const float* means, float* sums, float* products);
void scale_back(const Planes& planes, const float* gradient, const float* factors, const float* slopes,
                const float* constants, float* pictures);
void unpool_back(const Planes& planes, const float* gradient, const Winners* winners, const float* factors,
                 const float* slopes, const float* constants, float* pictures);

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
