#include "models/learners/logistic.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

using Numbers = std::vector<double>;

double sigmoid(double a) { return 1 / (1 + std::exp(-a)); }

/// log(1 + exp(-a)), without overflow.
double log_loss(double a) { return std::log1p(std::exp(-std::abs(a))) + std::max(0.0, -a); }

template <class Iterator>
double dot(Iterator a, const Numbers& b) {
  return std::inner_product(b.begin(), b.end(), a, 0.0);
}

double norm(const Numbers& a) { return std::sqrt(dot(a.begin(), a)); }

/// Solves matrix x = right side, for a symmetric, positive definite matrix of which the lower half is read and
/// overwritten.
Numbers solved(Numbers matrix, Numbers x) {
  const std::size_t n = x.size();
  const auto at = [&](std::size_t row, std::size_t column) -> double& { return matrix[row * n + column]; };
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) at(i, j) -= at(i, k) * at(j, k);
      at(i, j) = i == j ? std::sqrt(at(j, j)) : at(i, j) / at(j, j);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= at(i, k) * x[k];
    x[i] /= at(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= at(k, i) * x[k];
    x[i] /= at(i, i);
  }
  return x;
}

}  // namespace

Logistic::Logistic(const ModelSpec& spec, NodeId nodes, std::uint64_t seed)
    : Objective(static_cast<std::size_t>(spec.dimension), static_cast<std::uint32_t>(spec.samples)),
      penalty_(spec.penalty) {
  RandomStream of_all(seed, Purpose::partition);
  Numbers common(dimension());
  for (double& number : common) number = of_all.normal();
  for (NodeId node = 0; node < nodes; ++node) draw_samples(node, common, spec.heterogeneity, seed);
  set_optimum(minimum());
}

void Logistic::draw_samples(NodeId node, const Numbers& common, double heterogeneity, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::partition, node + std::uint64_t{1});
  Numbers weights = common, centre(dimension());
  for (double& weight : weights) weight += heterogeneity * stream.normal();
  for (double& number : centre) number = heterogeneity * stream.normal();
  for (std::uint32_t sample = 0; sample < samples(); ++sample) {
    Numbers features = centre;
    for (double& feature : features) feature += stream.normal();
    const bool is_positive = stream.uniform() < sigmoid(dot(features.begin(), weights));
    for (const double feature : features) signed_features_.push_back(is_positive ? feature : -feature);
  }
}

double Logistic::loss(const Numbers& point) const {
  double sum = 0;
  for (auto row = signed_features_.begin(); row != signed_features_.end();
       row += static_cast<std::ptrdiff_t>(dimension())) {
    sum += log_loss(dot(row, point));
  }
  const auto rows = static_cast<double>(signed_features_.size() / dimension());
  return sum / rows + penalty_ / 2 * dot(point.begin(), point);
}

Numbers Logistic::newton_step(const Numbers& point) const {
  const std::size_t n = dimension();
  const auto rows = static_cast<double>(signed_features_.size() / n);
  Numbers gradient(n), hessian(n * n);
  for (auto row = signed_features_.begin(); row != signed_features_.end(); row += static_cast<std::ptrdiff_t>(n)) {
    const double share = sigmoid(-dot(row, point)) / rows;
    const double curvature = share * (1 - share * rows);
    for (std::size_t i = 0; i < n; ++i) {
      const double of_i = row[static_cast<std::ptrdiff_t>(i)];
      gradient[i] -= share * of_i;
      for (std::size_t j = 0; j <= i; ++j) {
        hessian[i * n + j] += curvature * of_i * row[static_cast<std::ptrdiff_t>(j)];
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    gradient[i] += penalty_ * point[i];
    hessian[i * n + i] += penalty_;
  }
  return solved(std::move(hessian), std::move(gradient));
}

Numbers Logistic::minimum() const {
  constexpr int kMostSteps = 100, kMostHalvings = 50;
  constexpr double kShortest = 1e-12;
  Numbers point(dimension());
  for (int number = 0; number < kMostSteps; ++number) {
    Numbers step = newton_step(point), next(dimension());
    const double before = loss(point);
    for (int halving = 0; halving < kMostHalvings; ++halving) {
      std::transform(point.begin(), point.end(), step.begin(), next.begin(), std::minus<>());
      if (loss(next) <= before) break;
      for (double& number_of_step : step) number_of_step /= 2;
    }
    point = next;
    if (norm(step) <= kShortest) break;
  }
  return point;
}

double Logistic::loss_and_gradient(NodeId node, const std::vector<std::uint32_t>& chosen, const Values& point,
                                   Values& gradient) const {
  const Numbers exact(point.begin(), point.end());
  const auto count = static_cast<double>(chosen.size());
  double sum = 0;
  Numbers slope(dimension());
  for (const std::uint32_t sample : chosen) {
    const std::size_t place = (std::size_t{node} * samples() + sample) * dimension();
    const double* row = signed_features_.data() + place;
    const double margin = dot(row, exact);
    sum += log_loss(margin);
    const double share = sigmoid(-margin) / count;
    for (std::size_t p = 0; p < dimension(); ++p) slope[p] -= share * row[p];
  }
  for (std::size_t p = 0; p < dimension(); ++p) gradient[p] = static_cast<float>(slope[p] + penalty_ * exact[p]);
  return sum / count + penalty_ / 2 * dot(exact.begin(), exact);
}

}  // namespace tardigrad
