/// A quadratic function for each node.
#pragma once

#include "models/learners/objective.hpp"
#include "models/networks/model_spec.hpp"

namespace tardigrad {

/// Node i's function is the mean over its samples s of
///   sum over p of a_ip / 2 (x_p - b_isp)^2,  b_is = c + heterogeneity n_i + noise m_is,
/// with c, n_i and m_is standard normal and the curvatures a_ip in [1 / condition, 1], their logarithms uniform.
/// Curvatures lie along the axes: what is said of one holds along any others for algorithms that only add and scale
/// points.
///
/// Optimum, in closed form: the gradients' sum is zero where x_p = (sum over i of a_ip b_ip) / (sum over i of a_ip),
/// with b_i the mean of the node's b_is. Without heterogeneity and noise it is every node's own.
class Quadratic final : public Objective {
 public:
  Quadratic(const ModelSpec& spec, NodeId nodes, std::uint64_t seed);

  double loss_and_gradient(NodeId node, const std::vector<std::uint32_t>& samples, const Values& point,
                           Values& gradient) const override;

 private:
  struct Part {
    std::vector<double> curvatures;
    std::vector<double> centres;  ///< samples x dimension
  };

  std::vector<Part> parts_;  ///< by node
};

}  // namespace tardigrad
