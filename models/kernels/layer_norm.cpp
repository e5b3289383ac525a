/// Layer normalisation. Sums over a row are taken in 16 parts, which are then added in pairs.
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/row_parts.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

constexpr double kEpsilon = 1e-5;

struct Moments {
  float mean, inverse_deviation;
};

Moments moments_of(const float* row, Index columns) {
  const auto count = static_cast<double>(columns);
  Vector sum = zeros(), squares = zeros();
  for_parts(columns, [&](Part part) { sum = sum + part.of(row); });
  const auto mean = static_cast<float>(sum_of_lanes(sum) / count);
  for_parts(columns, [&](Part part) {
    const Vector distance = part.filled(part.of(row) - broadcast(mean), 0);
    squares = fma(distance, distance, squares);
  });
  return {mean, static_cast<float>(1 / __builtin_sqrt(sum_of_lanes(squares) / count + kEpsilon))};
}

/// One row on its way back.
struct RowBack {
  /// x less its mean, over its deviation.
  TARDIGRAD_INLINE Vector normalised(Part part) const {
    return (part.of(values) - broadcast(moments.mean)) * broadcast(moments.inverse_deviation);
  }
  /// The gradient by that.
  TARDIGRAD_INLINE Vector gradient(Part part) const { return part.of(output_gradient) * part.of(scale); }

  const float *values, *scale, *output_gradient;
  Moments moments;
};

void add_gradient_by_parameters(const RowBack& row, Index columns, float* scale_gradient, float* shift_gradient) {
  for_parts(columns, [&](Part part) {
    const Vector given = part.of(row.output_gradient);
    part.set(scale_gradient, fma(given, row.normalised(part), part.of(scale_gradient)));
    part.set(shift_gradient, part.of(shift_gradient) + given);
  });
}

/// The normalised row has mean 0 and variance 1 whatever the values: what the gradient has along both has no effect.
void add_gradient_by_values(const RowBack& row, Index columns, float* gradient) {
  Vector sum = zeros(), product = zeros();
  for_parts(columns, [&](Part part) {
    sum = sum + row.gradient(part);
    product = fma(row.gradient(part), row.normalised(part), product);
  });
  const auto count = static_cast<float>(columns);
  const Vector mean = broadcast(sum_of_lanes(sum) / count), slope = broadcast(sum_of_lanes(product) / count);
  for_parts(columns, [&](Part part) {
    const Vector rest = fnma(slope, row.normalised(part), row.gradient(part) - mean);
    part.set(gradient, fma(rest, broadcast(row.moments.inverse_deviation), part.of(gradient)));
  });
}

}  // namespace

void layer_norm(const NormalisedRows& rows, const float* shift, float* output) {
  for (Index row = 0; row < rows.rows; ++row) {
    const float* values = rows.values + row * rows.columns;
    const Moments moments = moments_of(values, rows.columns);
    rows.means[row] = moments.mean, rows.inverse_deviations[row] = moments.inverse_deviation;
    for_parts(rows.columns, [&](Part part) {
      const Vector normalised = (part.of(values) - broadcast(moments.mean)) * broadcast(moments.inverse_deviation);
      part.set(output + row * rows.columns, fma(normalised, part.of(rows.scale), part.of(shift)));
    });
  }
}

void layer_norm_back(const NormalisedRows& rows, const float* output_gradient, float* scale_gradient,
                     float* shift_gradient, float* gradient) {
  for (Index i = 0; i < rows.columns; ++i) scale_gradient[i] = shift_gradient[i] = 0;
  for (Index row = 0; row < rows.rows; ++row) {
    const Index begin = row * rows.columns;
    const RowBack back = {
        rows.values + begin, rows.scale, output_gradient + begin, {rows.means[row], rows.inverse_deviations[row]}};
    add_gradient_by_parameters(back, rows.columns, scale_gradient, shift_gradient);
    add_gradient_by_values(back, rows.columns, gradient + begin);
  }
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
