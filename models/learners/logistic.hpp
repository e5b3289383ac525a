/// Logistic regression of two classes with samples of each node's own.
#pragma once

#include "models/learners/objective.hpp"
#include "models/networks/model_spec.hpp"

namespace tardigrad {

/// Node i's function is the mean over its samples (u, y) of
///   log(1 + exp(-y u . x)) + penalty / 2 |x|^2.
/// Features u are standard normal around heterogeneity m_i, and y is 1 with probability 1 / (1 + exp(-u . w_i)), else
/// -1, with w_i = c + heterogeneity n_i; c, m_i and n_i are standard normal.
///
/// Optimum: by Newton's method from zero on all samples of all nodes in double precision (the Hessian by Cholesky's
/// decomposition, steps halved until the function does not grow), until steps are no longer than 1e-12.
class Logistic final : public Objective {
 public:
  Logistic(const ModelSpec& spec, NodeId nodes, std::uint64_t seed);

  double loss_and_gradient(NodeId node, const std::vector<std::uint32_t>& samples, const Values& point,
                           Values& gradient) const override;

 private:
  void draw_samples(NodeId node, const std::vector<double>& common, double heterogeneity, std::uint64_t seed);
  std::vector<double> minimum() const;
  double loss(const std::vector<double>& point) const;
  std::vector<double> newton_step(const std::vector<double>& point) const;

  double penalty_;
  std::vector<double> signed_features_;  ///< y u: nodes x samples x dimension
};

}  // namespace tardigrad
