#include "netem/graph/pairwise_mixing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

using Rows = std::vector<std::vector<double>>;

/// L + 1 1^T / n: positive definite, with L's eigenvectors.
Rows shifted_laplacian(const Graph& graph, const std::function<double(NodeId i, NodeId j)>& rate) {
  const NodeId size = graph.size();
  Rows rows(size, std::vector<double>(size, 1.0 / size));
  for (NodeId i = 0; i < size; ++i) {
    for (const NodeId j : graph.neighbours(i)) {
      if (j < i) continue;
      const double weight = rate(i, j);
      rows[i][i] += weight;
      rows[j][j] += weight;
      rows[i][j] -= weight;
      rows[j][i] -= weight;
    }
  }
  return rows;
}

/// By Gauss and Jordan, in place; a positive definite matrix needs no pivots.
void invert(Rows& rows) {
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const double pivot = rows[k][k];
    rows[k][k] = 1;
    for (double& value : rows[k]) value /= pivot;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == k) continue;
      const double factor = rows[i][k];
      rows[i][k] = 0;
      for (std::size_t j = 0; j < rows.size(); ++j) rows[i][j] -= factor * rows[k][j];
    }
  }
}

/// Takes the mean off and scales to length 1.
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

/// The largest eigenvalue of a positive definite matrix among eigenvectors of mean 0, by the power method.
double largest_eigenvalue(const Rows& rows) {
  constexpr int most_steps = 2000;
  RandomStream stream(0, Purpose::topology);
  std::vector<double> current(rows.size());
  for (double& value : current) value = stream.uniform();
  deflate(current);
  std::vector<double> next(rows.size());
  double eigenvalue = 0;
  for (int step = 0; step < most_steps; ++step) {
    double estimate = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      next[i] = 0;
      for (std::size_t j = 0; j < rows.size(); ++j) next[i] += rows[i][j] * current[j];
      estimate += next[i] * current[i];
    }
    if (std::abs(estimate - eigenvalue) <= 1e-13 * estimate) return estimate;
    eigenvalue = estimate;
    current.swap(next);
    deflate(current);
  }
  return eigenvalue;
}

}  // namespace

PairwiseMixing pairwise_mixing(const Graph& graph, const std::function<double(NodeId i, NodeId j)>& rate) {
  Rows inverse = shifted_laplacian(graph, rate);
  invert(inverse);
  double resistance = 0;
  for (NodeId i = 0; i < graph.size(); ++i) {
    for (const NodeId j : graph.neighbours(i)) {
      resistance = std::max(resistance, inverse[i][i] + inverse[j][j] - 2 * inverse[i][j]);
    }
  }
  return {largest_eigenvalue(inverse), resistance / 2};
}

}  // namespace tardigrad
