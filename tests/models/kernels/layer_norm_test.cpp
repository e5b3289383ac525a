#include "tests/models/layers/slope.hpp"

namespace tardigrad {
namespace {

using test::Doubles;
using test::Floats;

struct Rows {
  Rows(std::size_t of_rows, std::size_t of_columns)
      : rows(of_rows),
        columns(of_columns),
        values(test::uniform_floats(rows * columns, 1, 3)),
        scale(test::uniform_floats(columns, 2)),
        shift(test::uniform_floats(columns, 3)),
        given(test::uniform_floats(rows * columns, 4)) {}

  /// Output, then the gradients by scale, shift and values from `given`; the last is added to ones.
  Floats results(const Kernels& kernels) const {
    Floats means(rows), deviations(rows), output(values.size(), 9), by_scale(columns, 9), by_shift(columns, 9),
        by_values(values.size(), 1);
    NormalisedRows normalised = {static_cast<std::ptrdiff_t>(rows),
                                 static_cast<std::ptrdiff_t>(columns),
                                 values.data(),
                                 scale.data(),
                                 means.data(),
                                 deviations.data()};
    kernels.layer_norm(normalised, shift.data(), output.data());
    kernels.layer_norm_back(normalised, given.data(), by_scale.data(), by_shift.data(), by_values.data());
    for (const Floats* part : {&by_scale, &by_shift, &by_values})
      output.insert(output.end(), part->begin(), part->end());
    return output;
  }

  std::size_t rows, columns;
  Floats values, scale, shift, given;
};

Doubles normalised(const Doubles& values, const Doubles& scale, const Doubles& shift) {
  const std::size_t columns = scale.size();
  Doubles output;
  for (std::size_t begin = 0; begin < values.size(); begin += columns) {
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < columns; ++i) mean += values[begin + i] / static_cast<double>(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      variance += (values[begin + i] - mean) * (values[begin + i] - mean) / static_cast<double>(columns);
    }
    for (std::size_t i = 0; i < columns; ++i) {
      output.push_back(scale[i] * (values[begin + i] - mean) / std::sqrt(variance + 1e-5) + shift[i]);
    }
  }
  return output;
}

TEST_CASE("layer normalisation and its gradients have their formulas' values on rows of any width") {
  for (std::size_t columns = 2; columns <= 35; ++columns) {
    CAPTURE(columns);
    const Rows rows(1 + columns % 5, columns);
    const Floats results = test::same_on_every_isa([&](const Kernels& kernels) { return rows.results(kernels); });
    Doubles values = test::doubled(rows.values), scale = test::doubled(rows.scale), shift = test::doubled(rows.shift);
    const auto loss = [&] {
      const Doubles output = normalised(values, scale, shift);
      double sum = 0;
      for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * rows.given[i];
      return sum;
    };
    Doubles by_values = test::slope(loss, values);
    for (double& number : by_values) number += 1;
    test::check_parts_close(
        results, {normalised(values, scale, shift), test::slope(loss, scale), test::slope(loss, shift), by_values});
  }
}

TEST_CASE("a value that is not finite spoils its own row alone") {
  Rows rows(2, 20);
  rows.values[3] = INFINITY;
  const Floats results = test::same_on_every_isa([&](const Kernels& kernels) { return rows.results(kernels); });
  CHECK(std::isnan(results[3]));
  CHECK(std::isnan(results[19]));
  CHECK(std::isfinite(results[20]));
}

}  // namespace
}  // namespace tardigrad
