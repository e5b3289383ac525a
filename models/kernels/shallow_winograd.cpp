/// Winograd convolutions of pictures with so few channels that a vector of channels would be nearly empty: here lanes
/// are tiles while inputs are transformed, and output channels from the products on.
///
/// A channel's pixels are first sorted by their position within a tile (`phases`): 16 planes, in which neighbours are
/// pixels 4 apart. Each has a row and a column more than there are tiles, as the inputs of a tile reach into the next
/// one. So a vector has the same input of 16 tiles, which are numbered through rows that end with a tile nobody reads.
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/product.hpp"
#include "models/kernels/winograd_transforms.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

constexpr Index kPhases = kTile * kTile;
/// Tiles whose products are computed together: these stay in the fastest cache.
constexpr int kTogether = 4;
/// Output channels whose products are computed together.
constexpr Index kBlock = 2 * kLanes;
/// Distance between the products of two points.
constexpr Index kProductDistance = kTogether * kBlock + kLanes;

TARDIGRAD_INLINE Index rounded_up(Index count) { return (count + kLanes - 1) / kLanes * kLanes; }

struct ShallowTiling {
  explicit TARDIGRAD_INLINE ShallowTiling(const Convolution& c)
      : across((c.width + kTile - 1) / kTile),
        down((c.height + kTile - 1) / kTile),
        row(across + 1),
        tiles(rounded_up(down * row)),
        phase(rounded_up(tiles + row + 1)) {}

  Index across, down;
  Index row;    ///< tiles in a row, with the one that nobody reads
  Index tiles;  ///< of a picture, to whole vectors
  Index phase;  ///< floats of a phase
};

/// One row of one channel: each fourth pixel follows the other.
template <Index padding>
TARDIGRAD_INLINE void sort_row(const Convolution& c, const float* from, Index phase, float* to) {
  for (Index position = 0; position < kTile; ++position, to += phase) {
    Index across = position < padding ? 1 : 0;
    for (Index column = position - padding + across * kTile; column < c.width; column += kTile, ++across) {
      to[across] = from[column * c.in];
    }
  }
}

/// The padding stays the zeros with which the memory began.
template <class Taps>
void sort_into_phases(const Convolution& c, const float* picture, float* phases) {
  const ShallowTiling tiling(c);
  constexpr Index kPadding = Taps::kSide / 2;
  for (Index row = 0; row < c.height; ++row) {
    const Index down = (row + kPadding) / kTile, row_phase = (row + kPadding) % kTile;
    for (Index channel = 0; channel < c.in; ++channel) {
      float* to = phases + (channel * kPhases + row_phase * kTile) * tiling.phase + down * tiling.row;
      sort_row<kPadding>(c, picture + row * c.width * c.in + channel, tiling.phase, to);
    }
  }
}

template <class Taps>
void transform_inputs(const Convolution& c, const float* picture, const ShallowMemory& memory) {
  constexpr int kPoints = Taps::kPoints;
  const ShallowTiling tiling(c);
  sort_into_phases<Taps>(c, picture, memory.phases);
  for (Index channel = 0; channel < c.in; ++channel) {
    const float* phases = memory.phases + channel * kPhases * tiling.phase;
    float* inputs = memory.inputs + channel * kPoints * kPoints * tiling.tiles;
    for (Index first = 0; first < tiling.tiles; first += kLanes) {
      transform_square<kPoints, kPoints, Taps::input>(
          [&](int row, int column) {
            const Index phase = row % kTile * kTile + column % kTile;
            return load(phases + phase * tiling.phase + first + row / kTile * tiling.row + column / kTile);
          },
          [&](int row, int column, Vector value) {
            store(inputs + (row * kPoints + column) * tiling.tiles + first, value);
          });
    }
  }
}

template <class Taps>
void transform_filters(const Convolution& c, const float* weights, const ShallowMemory& memory) {
  constexpr int kSide = Taps::kSide, kPoints = Taps::kPoints;
  const Index taps = c.in * kSide * kSide;
  for (Index out = 0; out < c.out; ++out) {
    for (Index tap = 0; tap < taps; ++tap) memory.weights[tap * c.out + out] = weights[out * taps + tap];
  }
  for (Index in = 0; in < c.in; ++in) {
    for (Index out = 0; out < c.out; out += kLanes) {
      const float* from = memory.weights + in * kSide * kSide * c.out + out;
      float* to = memory.filters + in * c.out + out;
      transform_square<kSide, kPoints, Taps::filter>(
          [&](int row, int column) { return load(from + (row * kSide + column) * c.out); },
          [&](int row, int column, Vector value) { store(to + (row * kPoints + column) * c.in * c.out, value); });
    }
  }
}

template <class Taps>
void weight_gradient(const Convolution& c, const ShallowMemory& memory, float* gradient) {
  constexpr int kSide = Taps::kSide, kPoints = Taps::kPoints;
  for (Index in = 0; in < c.in; ++in) {
    for (Index out = 0; out < c.out; out += kLanes) {
      const float* from = memory.filter_gradients + in * c.out + out;
      float* to = memory.weights + in * kSide * kSide * c.out + out;
      transform_square<kPoints, kSide, Taps::filter_back>(
          [&](int row, int column) { return load(from + (row * kPoints + column) * c.in * c.out); },
          [&](int row, int column, Vector value) { store(to + (row * kSide + column) * c.out, value); });
    }
  }
  const Index taps = c.in * kSide * kSide;
  for (Index out = 0; out < c.out; ++out) {
    for (Index tap = 0; tap < taps; ++tap) gradient[out * taps + tap] = memory.weights[tap * c.out + out];
  }
}

/// Some tiles and output channels of one picture.
struct Patch {
  Index first_tile;
  Index channel;
  Index channels;  ///< at most `kBlock`
};

/// Calls `visit(patch)` for all tiles and channels.
template <class Visit>
TARDIGRAD_INLINE void for_patches(const Convolution& c, Visit visit) {
  const ShallowTiling tiling(c);
  for (Index channel = 0; channel < c.out; channel += kBlock) {
    const Index left = c.out - channel;
    for (Index tile = 0; tile < tiling.down * tiling.row; tile += kTogether) {
      visit(Patch{tile, channel, left < kBlock ? left : kBlock});
    }
  }
}

/// Calls `visit(tile of the patch, row, column)` with the first output pixel of every tile that the picture has.
template <class Visit>
TARDIGRAD_INLINE void for_tiles(const Convolution& c, const Patch& patch, Visit visit) {
  const ShallowTiling tiling(c);
  for (Index t = 0; t < kTogether; ++t) {
    const Index down = (patch.first_tile + t) / tiling.row, across = (patch.first_tile + t) % tiling.row;
    if (down < tiling.down && across < tiling.across) visit(t, down * kTile, across * kTile);
  }
}

/// products (tiles x channels) = inputs (tiles x in) filters (in x channels), at every point.
template <class Taps>
TARDIGRAD_INLINE void multiply_forward(const Convolution& c, const Patch& patch, const ShallowMemory& memory,
                                       float* products) {
  constexpr Index kAllPoints = Taps::kPoints * Taps::kPoints;
  const Index tiles = ShallowTiling(c).tiles;
  Product p;
  p.rows = kTogether, p.columns = patch.channels, p.depth = c.in;
  p.a_row = 1, p.a_depth = kAllPoints * tiles;
  p.b_row = c.out, p.c_row = kBlock;
  for (Index point = 0; point < kAllPoints; ++point) {
    p.a = memory.inputs + point * tiles + patch.first_tile;
    p.b = memory.filters + point * c.in * c.out + patch.channel;
    p.c = products + point * kProductDistance;
    if (patch.channels == kTileVectors * kLanes) {
      multiply_tile<kTogether, kTileVectors, Columns::whole>(p, 0, 0);
    } else {
      for (Index v = 0; v < patch.channels; v += kLanes) multiply_tile<kTogether, 1, Columns::whole>(p, 0, v);
    }
  }
}

template <class Taps>
TARDIGRAD_INLINE void transform_outputs(const Convolution& c, const Patch& patch, const float* products,
                                        const float* bias, float* output) {
  constexpr int kPoints = Taps::kPoints;
  for_tiles(c, patch, [&](Index tile, Index first_row, Index first_column) {
    for (Index v = 0; v < patch.channels; v += kLanes) {
      float* block = output + (patch.channel + v) * c.height * c.width;
      const float* from = products + tile * kBlock + v;
      const Vector shift = bias ? load(bias + patch.channel + v) : zeros();
      transform_square<kPoints, kTile, Taps::output>(
          [&](int row, int column) { return load(from + (row * kPoints + column) * kProductDistance); },
          [&](int row, int column, Vector value) {
            const Index y = first_row + row, x = first_column + column;
            if (y < c.height && x < c.width) store(block + (y * c.width + x) * kLanes, value + shift);
          });
    }
  });
}

template <class Taps>
void forward(const Convolution& c, const float* bias, float* output, const ShallowMemory& memory) {
  alignas(64) float products[Taps::kPoints * Taps::kPoints * kProductDistance];
  for_patches(c, [&](const Patch& patch) {
    multiply_forward<Taps>(c, patch, memory, products);
    transform_outputs<Taps>(c, patch, products, bias, output);
  });
}

/// The gradient by the products; zeros where there is no tile.
template <class Taps>
TARDIGRAD_INLINE void transform_outputs_back(const Convolution& c, const Patch& patch, const float* output_gradient,
                                             float* products) {
  constexpr int kPoints = Taps::kPoints;
  const ShallowTiling tiling(c);
  for (Index tile = 0; tile < kTogether; ++tile) {
    const Index number = patch.first_tile + tile;
    const Index first_row = number / tiling.row * kTile, first_column = number % tiling.row * kTile;
    for (Index v = 0; v < patch.channels; v += kLanes) {
      const float* block = output_gradient + (patch.channel + v) * c.height * c.width;
      float* to = products + tile * kBlock + v;
      transform_square<kTile, kPoints, Taps::output_back>(
          [&](int row, int column) {
            const Index y = first_row + row, x = first_column + column;
            return y < c.height && x < c.width ? load(block + (y * c.width + x) * kLanes) : zeros();
          },
          [&](int row, int column, Vector value) { store(to + (row * kPoints + column) * kProductDistance, value); });
    }
  }
}

/// filter gradients (in x channels) += inputs^T (in x tiles) products (tiles x channels), at every point.
template <class Taps, int in>
TARDIGRAD_INLINE void add_filter_gradients(const Convolution& c, const Patch& patch, const float* products,
                                           const ShallowMemory& memory) {
  constexpr Index kAllPoints = Taps::kPoints * Taps::kPoints;
  const Index tiles = ShallowTiling(c).tiles;
  Product p;
  p.rows = in, p.columns = patch.channels, p.depth = kTogether;
  p.a_row = kAllPoints * tiles, p.a_depth = 1;
  p.b_row = kBlock, p.c_row = c.out;
  p.accumulates = true;
  for (Index point = 0; point < kAllPoints; ++point) {
    p.a = memory.inputs + point * tiles + patch.first_tile;
    p.b = products + point * kProductDistance;
    p.c = memory.filter_gradients + point * c.in * c.out + patch.channel;
    if (patch.channels == kTileVectors * kLanes) {
      multiply_tile<in, kTileVectors, Columns::whole>(p, 0, 0);
    } else {
      for (Index v = 0; v < patch.channels; v += kLanes) multiply_tile<in, 1, Columns::whole>(p, 0, v);
    }
  }
}

template <class Taps, int in>
void backward_of(const Convolution& c, const float* output_gradient, const ShallowMemory& memory) {
  alignas(64) float products[Taps::kPoints * Taps::kPoints * kProductDistance];
  for_patches(c, [&](const Patch& patch) {
    transform_outputs_back<Taps>(c, patch, output_gradient, products);
    add_filter_gradients<Taps, in>(c, patch, products, memory);
  });
}

template <class Taps>
void backward(const Convolution& c, const float* output_gradient, bool is_first, const ShallowMemory& memory) {
  constexpr Index kAllPoints = Taps::kPoints * Taps::kPoints;
  if (is_first) {
    __builtin_memset(memory.filter_gradients, 0, sizeof(float) * static_cast<std::size_t>(kAllPoints * c.in * c.out));
  }
  switch (c.in) {
    case 1:
      return backward_of<Taps, 1>(c, output_gradient, memory);
    case 2:
      return backward_of<Taps, 2>(c, output_gradient, memory);
    case 3:
      return backward_of<Taps, 3>(c, output_gradient, memory);
    default:
      return backward_of<Taps, 4>(c, output_gradient, memory);
  }
}

}  // namespace

std::ptrdiff_t shallow_phases(const Convolution& shape) { return shape.in * kPhases * ShallowTiling(shape).phase; }

std::ptrdiff_t shallow_tiles(const Convolution& shape) { return ShallowTiling(shape).tiles; }

void shallow_inputs(const Convolution& shape, const float* picture, const ShallowMemory& memory) {
  shape.side == 5 ? transform_inputs<FiveTaps>(shape, picture, memory)
                  : transform_inputs<ThreeTaps>(shape, picture, memory);
}

void shallow_filters(const Convolution& shape, const float* weights, const ShallowMemory& memory) {
  shape.side == 5 ? transform_filters<FiveTaps>(shape, weights, memory)
                  : transform_filters<ThreeTaps>(shape, weights, memory);
}

void shallow_forward(const Convolution& shape, const float* bias, float* output, const ShallowMemory& memory) {
  shape.side == 5 ? forward<FiveTaps>(shape, bias, output, memory) : forward<ThreeTaps>(shape, bias, output, memory);
}

void shallow_backward(const Convolution& shape, const float* output_gradient, bool is_first,
                      const ShallowMemory& memory) {
  shape.side == 5 ? backward<FiveTaps>(shape, output_gradient, is_first, memory)
                  : backward<ThreeTaps>(shape, output_gradient, is_first, memory);
}

void shallow_weight_gradient(const Convolution& shape, const ShallowMemory& memory, float* gradient) {
  shape.side == 5 ? weight_gradient<FiveTaps>(shape, memory, gradient)
                  : weight_gradient<ThreeTaps>(shape, memory, gradient);
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
