#include "models/learners/matrix_factorization.hpp"

#include <algorithm>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kFactors = MatrixFactorization::kFactors;
constexpr double kInitialBound = 0.05;

float dot(const float* a, const float* b) {
  float sum = 0;
  for (std::size_t f = 0; f < kFactors; ++f) sum += a[f] * b[f];
  return sum;
}

void add_scaled(float* __restrict to, const float* __restrict row, float scale) {
  for (std::size_t f = 0; f < kFactors; ++f) to[f] += scale * row[f];
}

}  // namespace

MatrixFactorization::MatrixFactorization(std::uint32_t users, std::uint32_t films)
    : layout_{{{"users", {users, static_cast<std::int64_t>(kFactors)}},
               {"films", {films, static_cast<std::int64_t>(kFactors)}}}},
      first_film_(users * kFactors) {}

Values MatrixFactorization::initial_model(std::uint64_t seed) const {
  RandomStream stream(seed, Purpose::initial_model);
  Values values(static_cast<std::size_t>(layout_.numel()));
  for (float& value : values) value = static_cast<float>(kInitialBound * (2 * stream.uniform() - 1));
  return values;
}

MatrixFactorization::Rows MatrixFactorization::rows_of(const Rating& rating) const {
  return {rating.user * kFactors, first_film_ + rating.film * kFactors};
}

float MatrixFactorization::predict(const Values& model, std::uint32_t user, std::uint32_t film) const {
  const Rows rows = rows_of({user, film, 0});
  return dot(&model[rows.user], &model[rows.film]);
}

double MatrixFactorization::descend(Values& model, const std::vector<Rating>& batch, double learning_rate) {
  const double loss = note_errors(model, batch);
  add_rows(model, static_cast<float>(-2 * learning_rate / static_cast<double>(batch.size())));
  return loss;
}

double MatrixFactorization::loss_and_gradient(const Values& model, const std::vector<Rating>& batch) {
  gradient_.assign(model.size(), 0);
  const double loss = note_errors(model, batch);
  add_rows(gradient_, static_cast<float>(2 / static_cast<double>(batch.size())));
  return loss;
}

/// Keeps the parts of the gradient: a row that two ratings share must not have moved when the second is
/// computed.
double MatrixFactorization::note_errors(const Values& model, const std::vector<Rating>& batch) {
  rows_.clear();
  before_.clear();
  errors_.clear();
  double squares = 0;
  for (const Rating& rating : batch) {
    const Rows rows = rows_of(rating);
    const float* user = &model[rows.user];
    const float* film = &model[rows.film];
    const float error = dot(user, film) - rating.stars;
    squares += double{error} * double{error};
    rows_.push_back(rows);
    errors_.push_back(error);
    before_.insert(before_.end(), user, user + kFactors);
    before_.insert(before_.end(), film, film + kFactors);
  }
  return squares / static_cast<double>(batch.size());
}

void MatrixFactorization::add_rows(Values& to, float scale) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const float* user = &before_[2 * i * kFactors];
    const float* film = user + kFactors;
    add_scaled(&to[rows_[i].user], film, scale * errors_[i]);
    add_scaled(&to[rows_[i].film], user, scale * errors_[i]);
  }
}

}  // namespace tardigrad
