/// What networks compute. Each function exists once for every instruction set, with the same bytes.
///
/// Pictures lie in memory as [picture][block of 16 channels][row][column][channel of the block], if nothing else is
/// said. Numbers of channels are multiples of 16 then. Weights of convolutions have PyTorch's order: out, in, row,
/// column.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/kernels/isa.hpp"

namespace tardigrad {

/// c (rows x columns) = a (rows x depth) b (depth x columns), or added to c. Rows of b and c are contiguous.
struct Product {
  std::ptrdiff_t rows = 0, columns = 0, depth = 0;
  const float* a = nullptr;
  std::ptrdiff_t a_row = 0, a_depth = 1;  ///< distances between rows and between columns: a may lie transposed
  const float* b = nullptr;
  std::ptrdiff_t b_row = 0;
  float* c = nullptr;
  std::ptrdiff_t c_row = 0;
  bool accumulates = false;
};

/// A convolution with zero padding of half its filters' side, which keeps the size at stride 1.
struct Convolution {
  std::ptrdiff_t in = 0, out = 0;        ///< channels
  std::ptrdiff_t height = 0, width = 0;  ///< of the pictures that it reads
  std::ptrdiff_t side = 5;               ///< of the filters: 3 or 5
  std::ptrdiff_t stride = 1;
};

/// Tiles of 4 x 4 outputs that are computed together: what they need stays in a core's cache.
constexpr std::ptrdiff_t kTilesTogether = 32;

/// Memory of a Winograd convolution, for P = (side + 3)^2 points. Matrices of points are 16 floats apart, because equal
/// distances of a power of two would meet in the same places of a cache.
struct WinogradMemory {
  float* filters = nullptr;             ///< P x (in out + 16): at each point, in x out
  float* transposed_filters = nullptr;  ///< the same, out x in; null: not needed
  float* filter_gradients = nullptr;    ///< as `filters`; null: not needed
  float* inputs = nullptr;              ///< P x (32 in + 16): at each point, tiles x in
  float* outputs = nullptr;             ///< P x (32 out + 16): at each point, tiles x out
  float* weights = nullptr;             ///< in side^2 out: the weights with the output channel last
};

/// Memory of a Winograd convolution of pictures with few channels, from 1 to 4, which lie as rows of pixels with the
/// channels last. Lanes are tiles here: a row of tiles has one more than the picture, which nobody reads.
struct ShallowMemory {
  float* phases = nullptr;            ///< `shallow_phases(...)`: pixels by position within a tile; zeros at first
  float* inputs = nullptr;            ///< in x P x `shallow_tiles(...)`
  float* filters = nullptr;           ///< P x in x out
  float* filter_gradients = nullptr;  ///< the same
  float* weights = nullptr;           ///< in side^2 out: the weights with the output channel last
};

/// Pictures, and what is known of each of their channels: numbers are pictures x channels.
struct Planes {
  std::ptrdiff_t pictures = 0, channels = 0;
  std::ptrdiff_t height = 0, width = 0;
};

/// Rows of numbers of which each is normalised by itself.
struct NormalisedRows {
  std::ptrdiff_t rows = 0, columns = 0;
  const float* values = nullptr;
  const float* scale = nullptr;  ///< one number a column
  float* means = nullptr;        ///< one number a row, as the next
  float* inverse_deviations = nullptr;
};

/// What an LSTM layer keeps of a step for the way back: samples x units each.
struct LstmStep {
  float* gates = nullptr;  ///< samples x 4 units: input, forget, cell and output gate, as in torch.nn.LSTM
  float* cells = nullptr;
  float* tangents = nullptr;  ///< of the cells
  float* states = nullptr;
};

/// The places of the maxima of 2x2 pooling: for each pooled vector its four masks (upper left, upper right, lower left,
/// lower right) of 16 channels. A channel is in none if its maximum was not above zero.
using Winners = std::uint16_t[4];

struct Kernels {
  /// a b, and with a transposed in memory a^T b. Each element is summed along the depth in order.
  void (*multiply)(const Product&);
  /// a b^T, where b is columns x depth and `a_depth` is 1. Each element is summed in 16 parts, which are then added in
  /// pairs; an element of c is added last.
  void (*multiply_by_transposed)(const Product&);

  /// Writes the rows of `from` as the columns of `to`. The last numbers but one are the distances between rows.
  void (*transpose)(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* from, std::ptrdiff_t from_row, float* to,
                    std::ptrdiff_t to_row);

  // Numbers, one after the other.

  void (*exponential)(const float* from, float* to, std::ptrdiff_t count);
  void (*hyperbolic_tangent)(const float* from, float* to, std::ptrdiff_t count);
  void (*sigmoid)(const float* from, float* to, std::ptrdiff_t count);
  /// Of a number from 2^-1022 on.
  double (*logarithm)(double number);
  /// ReLU. NaN stays NaN.
  void (*rectify_numbers)(std::ptrdiff_t count, float* values);
  /// Back through ReLU: the gradient becomes 0 where the output is 0.
  void (*mask_by_output)(std::ptrdiff_t count, const float* output, float* gradient);
  /// GELU in its form by the hyperbolic tangent (Hendrycks and Gimpel, arXiv 1606.08415, section 2).
  void (*gelu)(std::ptrdiff_t count, const float* from, float* to);
  /// Back through GELU of `from`: turns the gradient by its result into the one by `from`.
  void (*gelu_back)(std::ptrdiff_t count, const float* from, float* gradient);
  /// model -= learning rate * gradient
  void (*descend)(std::ptrdiff_t count, float learning_rate, const float* gradient, float* model);

  // Rows of numbers, one for each sample.

  void (*add_to_rows)(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* addend, float* values);
  void (*sum_of_rows)(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* values, float* sums);
  /// The mean softmax cross entropy over the samples, and its gradient by the scores (samples x classes both).
  double (*cross_entropy)(std::ptrdiff_t samples, std::ptrdiff_t classes, const float* scores,
                          const std::int64_t* labels, float* gradient);
  /// From pictures to rows of features, channel by channel; and back.
  void (*flatten)(const Planes& planes, const float* pictures, float* rows);
  void (*unflatten)(const Planes& planes, const float* rows, float* pictures);
  /// One step of a layer, whose gates come in before their functions and go out behind them.
  void (*lstm_forward)(std::ptrdiff_t samples, std::ptrdiff_t units, const float* previous_cells, const LstmStep& step);
  /// From the gradient by the step's states and cells to that by its gates before their functions. That by the cells
  /// becomes the one by the previous cells.
  void (*lstm_backward)(std::ptrdiff_t samples, std::ptrdiff_t units, const float* previous_cells, const LstmStep& step,
                        const float* state_gradient, float* cell_gradient, float* gate_gradient);

  // Transformers.

  /// output = scale (x - mean) / sqrt(variance + 1e-5) + shift, by the moments of each row (Ba et al., arXiv
  /// 1607.06450), which it writes.
  void (*layer_norm)(const NormalisedRows& rows, const float* shift, float* output);
  /// The way back, with the moments that `layer_norm` has written: overwrites the first two gradients, and adds to that
  /// by the values.
  void (*layer_norm_back)(const NormalisedRows& rows, const float* output_gradient, float* scale_gradient,
                          float* shift_gradient, float* gradient);
  /// Turns scores (steps x steps) into shares: in row i the softmax of `factor` times the scores 0 to i, and zeros
  /// behind them. `factor` > 0.
  void (*causal_softmax)(std::ptrdiff_t steps, float factor, float* scores);
  /// Turns the gradient by the shares into the one by the scores.
  void (*causal_softmax_back)(std::ptrdiff_t steps, float factor, const float* shares, float* gradient);

  // Winograd convolutions, at stride 1.

  /// Transforms the weights for the calls below.
  void (*winograd_filters)(const Convolution& shape, const float* weights, const WinogradMemory& memory);
  /// `bias` may be null, here and below.
  void (*winograd_forward)(const Convolution& shape, std::ptrdiff_t pictures, const float* input, const float* bias,
                           float* output, const WinogradMemory& memory);
  /// From the gradient by the output to that by the input (null: not needed) and, at the points, to that by the
  /// filters: added to what is there unless `is_first`.
  void (*winograd_backward)(const Convolution& shape, std::ptrdiff_t pictures, const float* input,
                            const float* output_gradient, float* input_gradient, bool is_first,
                            const WinogradMemory& memory);
  /// The gradient by the weights, from that by the filters.
  void (*winograd_weight_gradient)(const Convolution& shape, const WinogradMemory& memory, float* gradient);

  // The same of one picture with few channels. Nobody needs the gradient by it.

  std::ptrdiff_t (*shallow_phases)(const Convolution& shape);
  std::ptrdiff_t (*shallow_tiles)(const Convolution& shape);
  void (*shallow_filters)(const Convolution& shape, const float* weights, const ShallowMemory& memory);
  /// Transforms the picture into `memory.inputs`, for the next two.
  void (*shallow_inputs)(const Convolution& shape, const float* picture, const ShallowMemory& memory);
  void (*shallow_forward)(const Convolution& shape, const float* bias, float* output, const ShallowMemory& memory);
  void (*shallow_backward)(const Convolution& shape, const float* output_gradient, bool is_first,
                           const ShallowMemory& memory);
  void (*shallow_weight_gradient)(const Convolution& shape, const ShallowMemory& memory, float* gradient);

  // Convolutions as products, with filters of side 3 at any stride.

  /// From a picture to a row of inputs for each output pixel, in the order of the weights; and back, where inputs that
  /// several rows have are added.
  void (*unfold)(const Convolution& shape, const float* picture, float* rows);
  void (*fold)(const Convolution& shape, const float* rows, float* picture);
  /// From rows of pixels, channels last, to blocks; and back.
  void (*pixels_to_blocks)(const Planes& planes, const float* rows, float* pictures);
  void (*blocks_to_pixels)(const Planes& planes, const float* pictures, float* rows);

  // Normalisation, ReLU and pooling. With f and s the factors and shifts of a channel, z = f x + s.

  /// The mean of each channel's pixels, and the sum of their squared distances from it.
  void (*channel_moments)(const Planes& planes, const float* pictures, float* means, float* squares);
  /// ReLU of z, or of z + `addend` if that is not null.
  void (*rectify)(const Planes& planes, const float* pictures, const float* factors, const float* shifts,
                  const float* addend, float* output);
  /// ReLU of the maximum of z over windows of 2x2; an odd last row or column is left out. Keeps for the way back which
  /// x has won and where, unless `winners` is null.
  void (*pool_rectified)(const Planes& planes, const float* pictures, const float* factors, const float* shifts,
                         float* output, float* winning, Winners* winners);
  /// The sums, over a channel's pixels, of the gradient g by z and of g (x - mean).
  void (*gradient_sums)(const Planes& planes, const float* gradient, const float* pictures, const float* means,
                        float* sums, float* products);
  /// The same, from the gradient by the output of `pool_rectified`; `planes` are those of its input.
  void (*pooled_gradient_sums)(const Planes& planes, const float* gradient, const float* winning,
                               const Winners* winners, const float* means, float* sums, float* products);
  /// Turns x into f g + slope x + constant, the gradient by x.
  void (*scale_back)(const Planes& planes, const float* gradient, const float* factors, const float* slopes,
                     const float* constants, float* pictures);
  /// The same, from the gradient by the output of `pool_rectified`.
  void (*unpool_back)(const Planes& planes, const float* gradient, const Winners* winners, const float* factors,
                      const float* slopes, const float* constants, float* pictures);
};

/// Needs a usable instruction set.
const Kernels& kernels(Isa isa);

/// Those of `isa_choice()`; throws std::invalid_argument if the choice has an error.
const Kernels& kernels();

}  // namespace tardigrad
