/// The power method, for matrices of graphs.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace tardigrad {

/// Overwrites `image`, which has the size of `vector`, with the product of a matrix and `vector`.
using MatrixProduct = std::function<void(const std::vector<double>& vector, std::vector<double>& image)>;

/// Takes the mean off and scales to length 1.
void deflate(std::vector<double>& vector);

/// The largest eigenvalue of a symmetric positive semidefinite matrix of `size` rows among its eigenvectors of mean 0;
/// 0 for a single row, which has none. It ends when a step changes the estimate by less than a part in 1e13, or after
/// 2,000 steps; the estimate is never too large.
double largest_eigenvalue(std::size_t size, const MatrixProduct& product);

}  // namespace tardigrad
