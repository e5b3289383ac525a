#include "netem/graph/matcha.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "netem/base/random_stream.hpp"
#include "netem/graph/largest_eigenvalue.hpp"
#include "netem/graph/matchings.hpp"

namespace tardigrad {
namespace {

using Vector = std::vector<double>;
using Matchings = std::vector<std::vector<Edge>>;

constexpr int kSteps = 200;         // of the supergradient
constexpr int kNarrowings = 25;     // of an interval by golden sections
constexpr int kInverseSteps = 60;   // of the inverse iteration, at most
constexpr double kSettled = 1e-12;  // relative change at which that ends

/// sum over a matching's edges of (v_a - v_b)^2 = v' L_j v.
double energy(const std::vector<Edge>& matching, const Vector& v) {
  double sum = 0;
  for (const auto& [a, b] : matching) sum += (v[a] - v[b]) * (v[a] - v[b]);
  return sum;
}

/// y += factor * sum_j weights_j L_j x.
void add_product(const Matchings& matchings, const Vector& weights, double factor, const Vector& x, Vector& y) {
  for (std::size_t j = 0; j < matchings.size(); ++j) {
    for (const auto& [a, b] : matchings[j]) {
      const double flow = factor * weights[j] * (x[a] - x[b]);
      y[a] += flow;
      y[b] -= flow;
    }
  }
}

double norm(const Vector& v) { return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0)); }

/// A symmetric positive definite matrix, split into L L' (Cholesky).
class Factored {
 public:
  explicit Factored(Vector matrix, std::size_t size) : size_(size), rows_(std::move(matrix)) {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double rest = at(i, j);
        for (std::size_t k = 0; k < j; ++k) rest -= at(i, k) * at(j, k);
        at(i, j) = i == j ? std::sqrt(rest) : rest / at(j, j);
      }
    }
  }

  void solve(Vector& v) const {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t k = 0; k < i; ++k) v[i] -= at(i, k) * v[k];
      v[i] /= at(i, i);
    }
    for (std::size_t i = size_; i-- > 0;) {
      for (std::size_t k = i + 1; k < size_; ++k) v[i] -= at(k, i) * v[k];
      v[i] /= at(i, i);
    }
  }

 private:
  double at(std::size_t i, std::size_t j) const { return rows_[i * size_ + j]; }
  double& at(std::size_t i, std::size_t j) { return rows_[i * size_ + j]; }

  std::size_t size_;
  Vector rows_;
};

/// The second smallest eigenvalue of sum_j p_j L_j, by inverse iteration that goes on from `eigenvector`.
double algebraic_connectivity(const Matchings& matchings, const Vector& p, Vector& eigenvector) {
  const std::size_t size = eigenvector.size();
  // The constant vector, whose eigenvalue is 0, is lifted above all others; a little more makes the rest definite where
  // matchings without probability leave the graph in pieces.
  const double total = std::accumulate(p.begin(), p.end(), 0.0);
  const double shift = 1e-9 * total;
  Vector matrix(size * size, 2 * total / static_cast<double>(size));
  for (std::size_t i = 0; i < size; ++i) matrix[i * size + i] += shift;
  for (std::size_t j = 0; j < matchings.size(); ++j) {
    for (const auto& [a, b] : matchings[j]) {
      matrix[a * size + a] += p[j];
      matrix[b * size + b] += p[j];
      matrix[a * size + b] -= p[j];
      matrix[b * size + a] -= p[j];
    }
  }
  const Factored factored(std::move(matrix), size);
  double value = 0;
  for (int step = 0; step < kInverseSteps; ++step) {
    factored.solve(eigenvector);
    deflate(eigenvector);
    double now = 0;
    for (std::size_t j = 0; j < matchings.size(); ++j) now += p[j] * energy(matchings[j], eigenvector);
    const bool is_settled = std::abs(now - value) <= kSettled * now;
    value = now;
    if (is_settled) break;
  }
  return value;
}

/// The nearest point with this sum and all entries from 0 to 1.
Vector projected(const Vector& point, double sum) {
  const auto moved = [&](double by) {
    Vector result = point;
    for (double& value : result) value = std::clamp(value + by, 0.0, 1.0);
    return result;
  };
  double low = -*std::max_element(point.begin(), point.end());
  double high = 1 - *std::min_element(point.begin(), point.end());
  for (int step = 0; step < 100; ++step) {
    const double middle = low + (high - low) / 2;
    const Vector result = moved(middle);
    (std::accumulate(result.begin(), result.end(), 0.0) < sum ? low : high) = middle;
  }
  return moved(high);
}

Vector best_probabilities(const Matchings& matchings, NodeId nodes, double budget) {
  const double sum = budget * static_cast<double>(matchings.size());
  Vector p(matchings.size(), budget);
  if (budget == 1) return p;
  Vector eigenvector(nodes);
  RandomStream start(0, Purpose::topology);
  for (double& value : eigenvector) value = start.normal();
  Vector best = p;
  double highest = 0;
  for (int step = 0; step < kSteps; ++step) {
    const double value = algebraic_connectivity(matchings, p, eigenvector);
    if (value > highest) {
      highest = value;
      best = p;
    }
    Vector gradient;
    for (const std::vector<Edge>& matching : matchings) gradient.push_back(energy(matching, eigenvector));
    const double length = norm(gradient);
    for (std::size_t j = 0; j < p.size(); ++j) p[j] += 0.2 / std::sqrt(step + 1.0) * gradient[j] / length;
    p = projected(p, sum);
  }
  return best;
}

/// |E[W'W] - 11'/n| where W = I - a sum_j B_j L_j, B_j independent with mean p_j: as L_j^2 = 2 L_j, E[W'W] =
/// I - 2 a L + a^2 (L^2 + 2 sum_j p_j (1 - p_j) L_j) with L = sum_j p_j L_j.
double contraction_of(const MatchaPlan& plan, NodeId nodes, double a) {
  Vector spread;
  for (const double p : plan.probabilities) spread.push_back(2 * p * (1 - p));
  Vector once(nodes);
  return largest_eigenvalue(nodes, [&](const Vector& v, Vector& image) {
    image = v;
    add_product(plan.matchings, plan.probabilities, -2 * a, v, image);
    add_product(plan.matchings, spread, a * a, v, image);
    std::fill(once.begin(), once.end(), 0.0);
    add_product(plan.matchings, plan.probabilities, a, v, once);
    add_product(plan.matchings, plan.probabilities, a, once, image);
  });
}

}  // namespace

MatchaPlan matcha_plan(const Graph& graph, double budget) {
  MatchaPlan plan;
  plan.matchings = matchings_of(graph);
  plan.probabilities = best_probabilities(plan.matchings, graph.size(), budget);
  // Convex in a, as it is the largest of convex quadratic functions: golden sections find the least value. With
  // a weight above 1, two nodes that meet alone would be further apart than before.
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = 0;
  double high = 1;
  double left = high - ratio * (high - low);
  double right = low + ratio * (high - low);
  double of_left = contraction_of(plan, graph.size(), left);
  double of_right = contraction_of(plan, graph.size(), right);
  for (int step = 0; step < kNarrowings; ++step) {
    if (of_left < of_right) {
      high = std::exchange(right, left);
      of_right = of_left;
      left = high - ratio * (high - low);
      of_left = contraction_of(plan, graph.size(), left);
    } else {
      low = std::exchange(left, right);
      of_left = of_right;
      right = low + ratio * (high - low);
      of_right = contraction_of(plan, graph.size(), right);
    }
  }
  plan.weight = of_left < of_right ? left : right;
  plan.contraction = std::min(of_left, of_right);
  return plan;
}

Graph matcha_round(const MatchaPlan& plan, NodeId nodes, std::uint64_t seed, Round round) {
  RandomStream draws(seed, Purpose::topology, round);
  std::vector<WeightedEdge> edges;
  for (std::size_t j = 0; j < plan.matchings.size(); ++j) {
    if (draws.uniform() >= plan.probabilities[j]) continue;
    for (const auto& [a, b] : plan.matchings[j]) edges.push_back({a, b, plan.weight});
  }
  return Graph::from_weighted_edges(nodes, edges);
}

}  // namespace tardigrad
