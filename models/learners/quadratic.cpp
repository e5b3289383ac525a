#include "models/learners/quadratic.hpp"

#include <cmath>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

Quadratic::Quadratic(const ModelSpec& spec, NodeId nodes, std::uint64_t seed)
    : Objective(static_cast<std::size_t>(spec.dimension), static_cast<std::uint32_t>(spec.samples)) {
  RandomStream of_all(seed, Purpose::partition);
  std::vector<double> common(dimension()), weighted(dimension()), weights(dimension());
  for (double& number : common) number = of_all.normal();
  for (NodeId node = 0; node < nodes; ++node) {
    RandomStream stream(seed, Purpose::partition, node + std::uint64_t{1});
    Part part;
    std::vector<double> own = common, sum(dimension());
    for (double& number : own) number += spec.heterogeneity * stream.normal();
    for (std::size_t p = 0; p < dimension(); ++p)
      part.curvatures.push_back(std::pow(spec.condition, -stream.uniform()));
    for (std::uint32_t sample = 0; sample < samples(); ++sample) {
      for (std::size_t p = 0; p < dimension(); ++p) {
        part.centres.push_back(own[p] + spec.noise * stream.normal());
        sum[p] += part.centres.back();
      }
    }
    for (std::size_t p = 0; p < dimension(); ++p) {
      weighted[p] += part.curvatures[p] * sum[p] / samples();
      weights[p] += part.curvatures[p];
    }
    parts_.push_back(std::move(part));
  }
  for (std::size_t p = 0; p < dimension(); ++p) weighted[p] /= weights[p];
  set_optimum(std::move(weighted));
}

double Quadratic::loss_and_gradient(NodeId node, const std::vector<std::uint32_t>& chosen, const Values& point,
                                    Values& gradient) const {
  const Part& part = parts_[node];
  const auto count = static_cast<double>(chosen.size());
  double loss = 0;
  for (std::size_t p = 0; p < dimension(); ++p) {
    double distances = 0, squares = 0;
    for (const std::uint32_t sample : chosen) {
      const double distance = point[p] - part.centres[sample * dimension() + p];
      distances += distance;
      squares += distance * distance;
    }
    loss += part.curvatures[p] / 2 * squares / count;
    gradient[p] = static_cast<float>(part.curvatures[p] * distances / count);
  }
  return loss;
}

}  // namespace tardigrad
