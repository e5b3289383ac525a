#include "netem/graph/largest_eigenvalue.hpp"

#include <cmath>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

void deflate(std::vector<double>& vector) {
  double mean = 0;
  for (const double value : vector) mean += value / static_cast<double>(vector.size());
  double squares = 0;
  for (double& value : vector) {
    value -= mean;
    squares += value * value;
  }
  for (double& value : vector) value /= std::sqrt(squares);
}

double largest_eigenvalue(std::size_t size, const MatrixProduct& product) {
  constexpr int most_steps = 2000;
  if (size < 2) return 0;
  RandomStream stream(0, Purpose::topology);
  std::vector<double> current(size), next(size);
  for (double& value : current) value = stream.uniform();
  deflate(current);
  double eigenvalue = 0;
  for (int step = 0; step < most_steps; ++step) {
    product(current, next);
    double estimate = 0;
    for (std::size_t i = 0; i < size; ++i) estimate += next[i] * current[i];
    if (std::abs(estimate - eigenvalue) <= 1e-13 * estimate) return estimate;
    eigenvalue = estimate;
    current.swap(next);
    deflate(current);
  }
  return eigenvalue;
}

}  // namespace tardigrad
