#include "models/kernels/product.hpp"

#include "models/kernels/kernel_units.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

// A tile of dot products: 4 rows of `a` by 4 of `b`, sixteen vectors of partial sums. It is computed in squares that
// the registers have room for.
constexpr int kSide = 4;
#if defined(TARDIGRAD_ISA_AVX512)
constexpr int kSquare = 4;
#else
constexpr int kSquare = 2;
#endif

/// The rows of `a` and `b` that a tile reads. At the matrices' ends the last row stands for those that are not there.
struct TileRows {
  const float* a[kSide];
  const float* b[kSide];
};

TARDIGRAD_INLINE Index least(Index x, Index y) { return x < y ? x : y; }

TileRows tile_rows(const Product& p, Index row, Index column) {
  TileRows tile;
  for (int i = 0; i < kSide; ++i) {
    tile.a[i] = p.a + least(row + i, p.rows - 1) * p.a_row;
    tile.b[i] = p.b + least(column + i, p.columns - 1) * p.b_row;
  }
  return tile;
}

/// Lane l of each vector is the sum over depths l, l + 16, l + 32, ...
TARDIGRAD_INLINE void add_square(const TileRows& tile, int row, int column, Index depth, Vector (&partial)[16]) {
  Vector sums[kSquare][kSquare];
  TARDIGRAD_UNROLL for (int i = 0; i < kSquare; ++i) {
    TARDIGRAD_UNROLL for (int j = 0; j < kSquare; ++j) sums[i][j] = zeros();
  }
  const auto add = [&](const auto& load_of) {
    Vector of_b[kSquare];
    TARDIGRAD_UNROLL for (int j = 0; j < kSquare; ++j) of_b[j] = load_of(tile.b[column + j]);
    TARDIGRAD_UNROLL for (int i = 0; i < kSquare; ++i) {
      const Vector of_a = load_of(tile.a[row + i]);
      TARDIGRAD_UNROLL for (int j = 0; j < kSquare; ++j) sums[i][j] = fma(of_a, of_b[j], sums[i][j]);
    }
  };
  Index d = 0;
  for (; d + kLanes <= depth; d += kLanes) add([&](const float* values) { return load(values + d); });
  if (d < depth) add([&](const float* values) { return load_part(values + d, depth - d); });
  TARDIGRAD_UNROLL for (int i = 0; i < kSquare; ++i) {
    TARDIGRAD_UNROLL for (int j = 0; j < kSquare; ++j) partial[(row + i) * kSide + column + j] = sums[i][j];
  }
}

void dot_products(const Product& p, Index row, Index column) {
  const TileRows tile = tile_rows(p, row, column);
  Vector partial[kSide * kSide];
  TARDIGRAD_UNROLL for (int i = 0; i < kSide; i += kSquare) {
    TARDIGRAD_UNROLL for (int j = 0; j < kSide; j += kSquare) add_square(tile, i, j, p.depth, partial);
  }
  float sums[kSide * kSide];
  store(sums, sums_of_lanes(partial));
  for (Index i = 0; i < least(kSide, p.rows - row); ++i) {
    float* c = p.c + (row + i) * p.c_row + column;
    for (Index j = 0; j < least(kSide, p.columns - column); ++j) {
      c[j] = p.accumulates ? c[j] + sums[i * kSide + j] : sums[i * kSide + j];
    }
  }
}

/// Up to 16 x 16 numbers.
void transpose_square(Index rows, Index columns, const float* from, Index from_row, float* to, Index to_row) {
  Vector square[16];
  for (Index i = 0; i < kLanes; ++i) square[i] = i < rows ? load_part(from + i * from_row, columns) : zeros();
  transpose(square);
  for (Index i = 0; i < columns; ++i) store_part(to + i * to_row, square[i], rows);
}

}  // namespace

void transpose_matrix(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* from, std::ptrdiff_t from_row,
                      float* to, std::ptrdiff_t to_row) {
  for (Index row = 0; row < rows; row += kLanes) {
    for (Index column = 0; column < columns; column += kLanes) {
      transpose_square(least(kLanes, rows - row), least(kLanes, columns - column), from + row * from_row + column,
                       from_row, to + column * to_row + row, to_row);
    }
  }
}

void multiply_matrices(const Product& p) { multiply(p); }

void multiply_by_transposed(const Product& p) {
  // Rows of `b` are the weights of a layer, and much longer in memory than all of `a`: each is read once.
  for (Index column = 0; column < p.columns; column += kSide) {
    for (Index row = 0; row < p.rows; row += kSide) dot_products(p, row, column);
  }
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
