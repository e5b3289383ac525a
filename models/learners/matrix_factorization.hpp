/// Matrix factorisation of ratings: 20 numbers for each user, 20 for each film, and the prediction is their dot
/// product. No bias terms. Learned by descending the mean squared error.
#pragma once

#include <cstdint>
#include <vector>

#include "models/data/ratings.hpp"
#include "models/parameter_layout.hpp"
#include "models/values.hpp"

namespace tardigrad {

/// Belongs to one compute worker. The flat vector holds the users' rows, then the films'.
class MatrixFactorization {
 public:
  static constexpr std::size_t kFactors = 20;

  MatrixFactorization(std::uint32_t users, std::uint32_t films);

  const ParameterLayout& layout() const { return layout_; }
  /// Uniform in +- 0.05, drawn from the seed.
  Values initial_model(std::uint64_t seed) const;

  float predict(const Values& model, std::uint32_t user, std::uint32_t film) const;

  /// Does one step of plain gradient descent on the batch's mean squared error, and returns that error before
  /// the step. Only the rows of the batch's users and films change: all others have no gradient, and are not
  /// touched.
  double descend(Values& model, const std::vector<Rating>& batch, double learning_rate);

  /// Returns the batch's mean squared error; its gradient replaces the content of `gradient()`.
  double loss_and_gradient(const Values& model, const std::vector<Rating>& batch);
  /// One value for each parameter, most of them 0. It may be written to until the next call.
  Values& gradient() { return gradient_; }

 private:
  struct Rows {
    std::size_t user;
    std::size_t film;
  };

  Rows rows_of(const Rating& rating) const;
  double note_errors(const Values& model, const std::vector<Rating>& batch);
  void add_rows(Values& to, float scale) const;

  ParameterLayout layout_;
  std::size_t first_film_;
  // Rating by rating of the last batch: the beginnings of its rows, their content before the step, the error.
  std::vector<Rows> rows_;
  Values before_;
  std::vector<float> errors_;
  Values gradient_;
};

}  // namespace tardigrad
