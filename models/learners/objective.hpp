/// A function to be minimised whose optimum is known: the mean over nodes of functions of their own.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/values.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Each node's function is the mean over its samples, of which all nodes have as many. Drawn from the seed.
class Objective {
 public:
  virtual ~Objective() = default;

  /// The only point at which the mean over all nodes is least.
  const std::vector<double>& optimum() const { return optimum_; }
  std::size_t dimension() const { return optimum_.size(); }
  /// Of each node.
  std::uint32_t samples() const { return samples_; }

  /// Returns the mean of the node's function over these of its samples at `point`, and writes its gradient.
  virtual double loss_and_gradient(NodeId node, const std::vector<std::uint32_t>& samples, const Values& point,
                                   Values& gradient) const = 0;

 protected:
  Objective(std::size_t dimension, std::uint32_t samples) : optimum_(dimension), samples_(samples) {}

  void set_optimum(std::vector<double> optimum) { optimum_ = std::move(optimum); }

 private:
  std::vector<double> optimum_;
  std::uint32_t samples_;
};

}  // namespace tardigrad
