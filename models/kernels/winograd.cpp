/// Convolutions by Winograd's minimal filtering. Tiles of 4 x 4 outputs are numbered through all pictures, and computed
/// in chunks; a picture whose size is no multiple of 4 ends with tiles of which only a part is stored.
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/product.hpp"
#include "models/kernels/winograd_transforms.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

/// Distance between the matrices of two points.
TARDIGRAD_INLINE Index filter_distance(const Convolution& c) { return c.in * c.out + kLanes; }
TARDIGRAD_INLINE Index input_distance(const Convolution& c) { return kTilesTogether * c.in + kLanes; }
TARDIGRAD_INLINE Index output_distance(const Convolution& c) { return kTilesTogether * c.out + kLanes; }

/// The place of a tile: its picture, and its first output pixel in that.
struct Tile {
  Index picture, row, column;
};

struct Tiling {
  explicit TARDIGRAD_INLINE Tiling(const Convolution& c)
      : across((c.width + kTile - 1) / kTile), in_picture(across * ((c.height + kTile - 1) / kTile)) {}

  TARDIGRAD_INLINE Tile tile(Index number) const {
    const Index in_its_picture = number % in_picture;
    return {number / in_picture, in_its_picture / across * kTile, in_its_picture % across * kTile};
  }

  Index across;
  Index in_picture;
};

/// A square of a picture's block of channels, of which a part may lie outside.
template <int side>
struct Window {
  TARDIGRAD_INLINE Window(const Convolution& c, Index first_row, Index first_column)
      : row(first_row), column(first_column), height(c.height), width(c.width) {}

  TARDIGRAD_INLINE bool has_row(int r) const { return row + r >= 0 && row + r < height; }
  TARDIGRAD_INLINE bool has_column(int c) const { return column + c >= 0 && column + c < width; }
  TARDIGRAD_INLINE bool is_inside() const {
    return row >= 0 && column >= 0 && row + side <= height && column + side <= width;
  }
  /// Behind the picture's first value.
  TARDIGRAD_INLINE Index offset(int r, int c) const { return ((row + r) * width + column + c) * kLanes; }

  Index row, column, height, width;
};

/// One block of channels of a tile's inputs, transformed to its place at every point.
template <class Taps>
TARDIGRAD_INLINE void transform_input(const float* block, const Window<Taps::kPoints>& window, float* to,
                                      Index distance) {
  constexpr int kPoints = Taps::kPoints;
  const auto store_to = [&](int r, int c, Vector value) { store(to + (r * kPoints + c) * distance, value); };
  if (window.is_inside()) {
    const auto load_of = [&](int r, int c) { return load(block + window.offset(r, c)); };
    transform_square<kPoints, kPoints, Taps::input>(load_of, store_to);
  } else {
    const auto load_of = [&](int r, int c) {
      return window.has_row(r) && window.has_column(c) ? load(block + window.offset(r, c)) : zeros();
    };
    transform_square<kPoints, kPoints, Taps::input>(load_of, store_to);
  }
}

/// All inputs of `count` tiles from number `first` on.
template <class Taps>
void transform_inputs(const Convolution& c, const float* input, Index first, Index count, float* to) {
  const Tiling tiling(c);
  constexpr Index kPadding = Taps::kSide / 2;
  for (Index t = 0; t < count; ++t) {
    const Tile tile = tiling.tile(first + t);
    const Window<Taps::kPoints> window(c, tile.row - kPadding, tile.column - kPadding);
    for (Index channel = 0; channel < c.in; channel += kLanes) {
      const float* block = input + (tile.picture * c.in + channel) * c.height * c.width;
      transform_input<Taps>(block, window, to + t * c.in + channel, input_distance(c));
    }
  }
}

/// The outputs of `count` tiles, from their products at the points.
template <class Taps>
void transform_outputs(const Convolution& c, const float* products, Index first, Index count, const float* bias,
                       float* output) {
  constexpr int kPoints = Taps::kPoints;
  const Tiling tiling(c);
  const Index distance = output_distance(c);
  for (Index t = 0; t < count; ++t) {
    const Tile tile = tiling.tile(first + t);
    const Window<kTile> window(c, tile.row, tile.column);
    for (Index channel = 0; channel < c.out; channel += kLanes) {
      float* block = output + (tile.picture * c.out + channel) * c.height * c.width;
      const float* from = products + t * c.out + channel;
      const Vector shift = bias ? load(bias + channel) : zeros();
      transform_square<kPoints, kTile, Taps::output>(
          [&](int row, int column) { return load(from + (row * kPoints + column) * distance); },
          [&](int row, int column, Vector value) {
            if (window.has_row(row) && window.has_column(column)) {
              store(block + window.offset(row, column), value + shift);
            }
          });
    }
  }
}

/// The gradient by the products, from that by the outputs of `count` tiles.
template <class Taps>
void transform_outputs_back(const Convolution& c, const float* output_gradient, Index first, Index count, float* to) {
  constexpr int kPoints = Taps::kPoints;
  const Tiling tiling(c);
  const Index distance = output_distance(c);
  for (Index t = 0; t < count; ++t) {
    const Tile tile = tiling.tile(first + t);
    const Window<kTile> window(c, tile.row, tile.column);
    for (Index channel = 0; channel < c.out; channel += kLanes) {
      const float* block = output_gradient + (tile.picture * c.out + channel) * c.height * c.width;
      float* place = to + t * c.out + channel;
      transform_square<kTile, kPoints, Taps::output_back>(
          [&](int row, int column) {
            return window.has_row(row) && window.has_column(column) ? load(block + window.offset(row, column))
                                                                    : zeros();
          },
          [&](int row, int column, Vector value) { store(place + (row * kPoints + column) * distance, value); });
    }
  }
}

/// Adds to the gradient by the inputs of `count` tiles, which overlap.
template <class Taps>
void transform_inputs_back(const Convolution& c, const float* from, Index first, Index count, float* input_gradient) {
  constexpr int kPoints = Taps::kPoints;
  constexpr Index kPadding = Taps::kSide / 2;
  const Tiling tiling(c);
  const Index distance = input_distance(c);
  for (Index t = 0; t < count; ++t) {
    const Tile tile = tiling.tile(first + t);
    const Window<kPoints> window(c, tile.row - kPadding, tile.column - kPadding);
    for (Index channel = 0; channel < c.in; channel += kLanes) {
      float* block = input_gradient + (tile.picture * c.in + channel) * c.height * c.width;
      const float* place = from + t * c.in + channel;
      transform_square<kPoints, kPoints, Taps::input_back>(
          [&](int row, int column) { return load(place + (row * kPoints + column) * distance); },
          [&](int row, int column, Vector value) {
            if (!window.has_row(row) || !window.has_column(column)) return;
            float* pixel = block + window.offset(row, column);
            store(pixel, load(pixel) + value);
          });
    }
  }
}

/// Transposes a matrix of rows x columns, both multiples of 16.
void transpose_matrix(const float* from, Index rows, Index columns, Index from_row, float* to, Index to_row) {
  for (Index row = 0; row < rows; row += kLanes) {
    for (Index column = 0; column < columns; column += kLanes) {
      Vector square[16];
      TARDIGRAD_UNROLL for (int i = 0; i < 16; ++i) square[i] = load(from + (row + i) * from_row + column);
      transpose(square);
      TARDIGRAD_UNROLL for (int i = 0; i < 16; ++i) store(to + (column + i) * to_row + row, square[i]);
    }
  }
}

template <class Taps>
void transform_filters(const Convolution& c, const float* weights, const WinogradMemory& memory) {
  constexpr int kSide = Taps::kSide, kPoints = Taps::kPoints;
  constexpr Index kSquare = kSide * kSide;
  const Index distance = filter_distance(c);
  transpose_matrix(weights, c.out, c.in * kSquare, c.in * kSquare, memory.weights, c.out);
  for (Index in = 0; in < c.in; ++in) {
    for (Index out = 0; out < c.out; out += kLanes) {
      const float* taps = memory.weights + in * kSquare * c.out + out;
      float* to = memory.filters + in * c.out + out;
      transform_square<kSide, kPoints, Taps::filter>(
          [&](int row, int column) { return load(taps + (row * kSide + column) * c.out); },
          [&](int row, int column, Vector value) { store(to + (row * kPoints + column) * distance, value); });
    }
  }
  if (!memory.transposed_filters) return;
  for (Index point = 0; point < kPoints * kPoints; ++point) {
    const Index at = point * distance;
    transpose_matrix(memory.filters + at, c.in, c.out, c.out, memory.transposed_filters + at, c.in);
  }
}

template <class Taps>
void weight_gradient(const Convolution& c, const WinogradMemory& memory, float* gradient) {
  constexpr int kSide = Taps::kSide, kPoints = Taps::kPoints;
  constexpr Index kSquare = kSide * kSide;
  const Index distance = filter_distance(c);
  for (Index in = 0; in < c.in; ++in) {
    for (Index out = 0; out < c.out; out += kLanes) {
      float* taps = memory.weights + in * kSquare * c.out + out;
      const float* from = memory.filter_gradients + in * c.out + out;
      transform_square<kPoints, kSide, Taps::filter_back>(
          [&](int row, int column) { return load(from + (row * kPoints + column) * distance); },
          [&](int row, int column, Vector value) { store(taps + (row * kSide + column) * c.out, value); });
    }
  }
  transpose_matrix(memory.weights, c.in * kSquare, c.out, c.out, gradient, c.in * kSquare);
}

/// outputs (tiles x out) = inputs (tiles x in) filters (in x out), at every point.
void multiply_forward(const Convolution& c, Index points, Index tiles, const WinogradMemory& memory) {
  for (Index point = 0; point < points; ++point) {
    Product p;
    p.rows = tiles, p.columns = c.out, p.depth = c.in;
    p.a = memory.inputs + point * input_distance(c), p.a_row = c.in;
    p.b = memory.filters + point * filter_distance(c), p.b_row = c.out;
    p.c = memory.outputs + point * output_distance(c), p.c_row = c.out;
    multiply(p);
  }
}

/// filter gradients (in x out) += inputs^T (in x tiles) outputs' gradients (tiles x out), at one point.
void multiply_filter_gradient(const Convolution& c, Index point, Index tiles, bool is_first,
                              const WinogradMemory& memory) {
  Product p;
  p.rows = c.in, p.columns = c.out, p.depth = tiles;
  p.a = memory.inputs + point * input_distance(c), p.a_row = 1, p.a_depth = c.in;
  p.b = memory.outputs + point * output_distance(c), p.b_row = c.out;
  p.c = memory.filter_gradients + point * filter_distance(c), p.c_row = c.out;
  p.accumulates = !is_first;
  multiply(p);
}

/// inputs' gradients (tiles x in) = outputs' gradients (tiles x out) filters^T (out x in), at one point, in the place
/// of the inputs.
void multiply_input_gradient(const Convolution& c, Index point, Index tiles, const WinogradMemory& memory) {
  Product p;
  p.rows = tiles, p.columns = c.in, p.depth = c.out;
  p.a = memory.outputs + point * output_distance(c), p.a_row = c.out;
  p.b = memory.transposed_filters + point * filter_distance(c), p.b_row = c.in;
  p.c = memory.inputs + point * input_distance(c), p.c_row = c.in;
  multiply(p);
}

/// Calls `on_chunk(first tile, tiles)` for all tiles of the pictures.
template <class OnChunk>
TARDIGRAD_INLINE void for_chunks(const Convolution& c, Index pictures, OnChunk on_chunk) {
  const Index tiles = pictures * Tiling(c).in_picture;
  for (Index first = 0; first < tiles; first += kTilesTogether) {
    on_chunk(first, tiles - first < kTilesTogether ? tiles - first : kTilesTogether);
  }
}

template <class Taps>
void forward(const Convolution& c, Index pictures, const float* input, const float* bias, float* output,
             const WinogradMemory& memory) {
  for_chunks(c, pictures, [&](Index first, Index tiles) {
    transform_inputs<Taps>(c, input, first, tiles, memory.inputs);
    multiply_forward(c, Taps::kPoints * Taps::kPoints, tiles, memory);
    transform_outputs<Taps>(c, memory.outputs, first, tiles, bias, output);
  });
}

template <class Taps>
void backward(const Convolution& c, Index pictures, const float* input, const float* output_gradient,
              float* input_gradient, bool is_first, const WinogradMemory& memory) {
  if (input_gradient) __builtin_memset(input_gradient, 0, sizeof(float) * pictures * c.in * c.height * c.width);
  for_chunks(c, pictures, [&](Index first, Index tiles) {
    transform_inputs<Taps>(c, input, first, tiles, memory.inputs);
    transform_outputs_back<Taps>(c, output_gradient, first, tiles, memory.outputs);
    for (Index point = 0; point < Taps::kPoints * Taps::kPoints; ++point) {
      multiply_filter_gradient(c, point, tiles, is_first && first == 0, memory);
      if (input_gradient) multiply_input_gradient(c, point, tiles, memory);
    }
    if (input_gradient) transform_inputs_back<Taps>(c, memory.inputs, first, tiles, input_gradient);
  });
}

}  // namespace

void winograd_filters(const Convolution& shape, const float* weights, const WinogradMemory& memory) {
  shape.side == 5 ? transform_filters<FiveTaps>(shape, weights, memory)
                  : transform_filters<ThreeTaps>(shape, weights, memory);
}

void winograd_forward(const Convolution& shape, std::ptrdiff_t pictures, const float* input, const float* bias,
                      float* output, const WinogradMemory& memory) {
  shape.side == 5 ? forward<FiveTaps>(shape, pictures, input, bias, output, memory)
                  : forward<ThreeTaps>(shape, pictures, input, bias, output, memory);
}

void winograd_backward(const Convolution& shape, std::ptrdiff_t pictures, const float* input,
                       const float* output_gradient, float* input_gradient, bool is_first,
                       const WinogradMemory& memory) {
  shape.side == 5 ? backward<FiveTaps>(shape, pictures, input, output_gradient, input_gradient, is_first, memory)
                  : backward<ThreeTaps>(shape, pictures, input, output_gradient, input_gradient, is_first, memory);
}

void winograd_weight_gradient(const Convolution& shape, const WinogradMemory& memory, float* gradient) {
  shape.side == 5 ? weight_gradient<FiveTaps>(shape, memory, gradient)
                  : weight_gradient<ThreeTaps>(shape, memory, gradient);
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
