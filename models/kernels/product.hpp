/// Small matrix products. Every element's sum has one order, however the matrices are cut into tiles.
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/kernels/vector.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

using Index = std::ptrdiff_t;

// The largest tile of results that an instruction set can keep in its registers, in rows and vectors.
#if defined(TARDIGRAD_ISA_AVX512)
constexpr int kTileRows = 8;
constexpr int kTileVectors = 2;
#else
constexpr int kTileRows = 6;
constexpr int kTileVectors = 1;
#endif

/// How a tile treats its last vector of columns.
enum class Columns { whole, part };

/// `rows` x `vectors` results. Each is a sum along the depth, one fused multiplication after the other.
template <int rows, int vectors, Columns columns>
TARDIGRAD_INLINE void multiply_tile(const Product& p, Index row, Index column) {
  const float* a = p.a + row * p.a_row;
  const float* b = p.b + column;
  float* c = p.c + row * p.c_row + column;
  const Index left = p.columns - column;
  const auto load_of = [&](const float* from) { return columns == Columns::part ? load_part(from, left) : load(from); };
  Vector sums[rows][vectors];
  TARDIGRAD_UNROLL for (int r = 0; r < rows; ++r) {
    TARDIGRAD_UNROLL for (int v = 0; v < vectors; ++v) {
      sums[r][v] = p.accumulates ? load_of(c + r * p.c_row + v * kLanes) : zeros();
    }
  }
  for (Index d = 0; d < p.depth; ++d) {
    Vector of_b[vectors];
    TARDIGRAD_UNROLL for (int v = 0; v < vectors; ++v) of_b[v] = load_of(b + d * p.b_row + v * kLanes);
    TARDIGRAD_UNROLL for (int r = 0; r < rows; ++r) {
      const Vector of_a = broadcast(a[r * p.a_row + d * p.a_depth]);
      TARDIGRAD_UNROLL for (int v = 0; v < vectors; ++v) sums[r][v] = fma(of_a, of_b[v], sums[r][v]);
    }
  }
  TARDIGRAD_UNROLL for (int r = 0; r < rows; ++r) {
    TARDIGRAD_UNROLL for (int v = 0; v < vectors; ++v) {
      float* to = c + r * p.c_row + v * kLanes;
      columns == Columns::part ? store_part(to, sums[r][v], left) : store(to, sums[r][v]);
    }
  }
}

/// The last rows, fewer than those of a whole tile.
template <int rows, int vectors, Columns columns>
inline void multiply_last_rows(const Product& p, Index row, Index column) {
  if constexpr (rows > 0) {
    if (p.rows - row == rows) return multiply_tile<rows, vectors, columns>(p, row, column);
    multiply_last_rows<rows - 1, vectors, columns>(p, row, column);
  }
}

template <int vectors, Columns columns>
inline void multiply_columns(const Product& p, Index column) {
  Index row = 0;
  for (; row + kTileRows <= p.rows; row += kTileRows) multiply_tile<kTileRows, vectors, columns>(p, row, column);
  multiply_last_rows<kTileRows - 1, vectors, columns>(p, row, column);
}

/// c = a b, or c + a b; see `Kernels::multiply`.
inline void multiply(const Product& p) {
  Index column = 0;
  for (; column + kTileVectors * kLanes <= p.columns; column += kTileVectors * kLanes) {
    multiply_columns<kTileVectors, Columns::whole>(p, column);
  }
  for (; column + kLanes <= p.columns; column += kLanes) multiply_columns<1, Columns::whole>(p, column);
  if (column < p.columns) multiply_columns<1, Columns::part>(p, column);
}

}  // namespace
}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
