#include "netem/graph/pairwise_mixing.hpp"

#include <algorithm>
#include <vector>

#include "netem/graph/largest_eigenvalue.hpp"

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
  const auto product = [&](const std::vector<double>& vector, std::vector<double>& image) {
    for (std::size_t i = 0; i < inverse.size(); ++i) {
      image[i] = 0;
      for (std::size_t j = 0; j < inverse.size(); ++j) image[i] += inverse[i][j] * vector[j];
    }
  };
  return {largest_eigenvalue(inverse.size(), product), resistance / 2};
}

}  // namespace tardigrad
