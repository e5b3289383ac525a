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

/// A convolution at stride 1 with zero padding that keeps the size.
struct Convolution {
  std::ptrdiff_t in = 0, out = 0;        ///< channels
  std::ptrdiff_t height = 0, width = 0;  ///< of the pictures
  std::ptrdiff_t side = 5;               ///< of the filters: 3 or 5
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

struct Kernels {
  /// a b, and with a transposed in memory a^T b. Each element is summed along the depth in order.
  void (*multiply)(const Product&);
  /// a b^T, where b is columns x depth and `a_depth` is 1. Each element is summed in 16 parts, which are then added in
  /// pairs; an element of c is added last.
  void (*multiply_by_transposed)(const Product&);

  /// Of `count` numbers.
  void (*exponential)(const float* from, float* to, std::ptrdiff_t count);
  void (*hyperbolic_tangent)(const float* from, float* to, std::ptrdiff_t count);
  void (*sigmoid)(const float* from, float* to, std::ptrdiff_t count);
  /// Of a number from 2^-1022 on.
  double (*logarithm)(double);

  /// Transforms the weights for the calls below.
  void (*winograd_filters)(const Convolution&, const float* weights, const WinogradMemory&);
  void (*winograd_forward)(const Convolution&, std::ptrdiff_t pictures, const float* input, const float* bias,
                           float* output, const WinogradMemory&);
  /// From the gradient by the output to that by the input (null: not needed) and, at the points, to that by the
  /// filters: added to what is there unless `is_first`.
  void (*winograd_backward)(const Convolution&, std::ptrdiff_t pictures, const float* input,
                            const float* output_gradient, float* input_gradient, bool is_first, const WinogradMemory&);
  /// The gradient by the weights, from that by the filters.
  void (*winograd_weight_gradient)(const Convolution&, const WinogradMemory&, float* gradient);
};

/// Needs a usable instruction set.
const Kernels& kernels(Isa isa);

/// Those of `isa_choice()`; throws std::invalid_argument if the choice has an error.
const Kernels& kernels();

}  // namespace tardigrad
