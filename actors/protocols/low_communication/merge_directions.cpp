#include "actors/protocols/low_communication/merge_directions.hpp"

#include <cmath>

namespace tardigrad {

namespace {

using Doubles = std::vector<double>;

double length_of(const Doubles& vector) {
  double sum = 0;
  for (const double value : vector) sum += value * value;
  return std::sqrt(sum);
}

void add(Doubles& sum, double weight, const Doubles& vector) {
  for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += weight * vector[p];
}

Doubles difference(const Values& theta, const Values& values, std::size_t first, std::size_t count) {
  Doubles result(count);
  for (std::size_t p = 0; p < count; ++p) result[p] = double{theta[first + p]} - double{values[first + p]};
  return result;
}

/// The merged values of one tensor, which begins at `first`.
Doubles merged_tensor(const Values& theta, const std::vector<MergedAnswer>& answers, std::size_t first,
                      const TensorRange& tensor) {
  constexpr double shortest = 1e-12;
  Doubles mean(tensor.count);
  Doubles direction(tensor.count);
  double weights = 0;
  double lengths = 0;
  for (const MergedAnswer& answer : answers) {
    const double weight = answer.tokens * answer.tokens / static_cast<double>(answer.steps);
    const Doubles delta = difference(theta, *answer.values, first, tensor.count);
    const double length = length_of(delta);
    weights += weight;
    lengths += weight * length;
    add(mean, weight, delta);
    if (length > 0) add(direction, weight / length, delta);
  }
  const double agreement = length_of(direction);
  const bool by_mean = tensor.embedding || agreement / weights < shortest;
  Doubles merged(tensor.count);
  if (by_mean) add(merged, 1 / weights, mean);
  if (!by_mean) add(merged, lengths / weights / agreement, direction);
  return merged;
}

}  // namespace

Values merged_difference(const Values& theta, const std::vector<MergedAnswer>& answers, const ModelPart& part) {
  Values merged;
  merged.reserve(theta.size());
  for (const TensorRange& tensor : part) {
    for (const double value : merged_tensor(theta, answers, merged.size(), tensor))
      merged.push_back(static_cast<float>(value));
  }
  return merged;
}

}  // namespace tardigrad
