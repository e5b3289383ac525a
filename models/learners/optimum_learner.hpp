/// Searches the optimum of a known function: the sharpest test of what averaging and unequal data do to a model.
#pragma once

#include <memory>
#include <vector>

#include "models/learners/objective.hpp"
#include "models/learners/stepping_learner.hpp"

namespace tardigrad {

/// A model is a point, which begins at zero; a node's samples are those of its own function. An evaluation's loss is
/// the Euclidean distance to the optimum, as near as float32 comes to it; its accuracy is the share of the way from
/// zero that is covered, 1 less the distance over that at the beginning, at least 0. A training loss is the mean of the
/// node's function over the steps.
class OptimumLearner final : public SteppingLearner {
 public:
  OptimumLearner(std::unique_ptr<const Objective> objective, const TrainingSpec& training, std::uint64_t seed,
                 unsigned workers);

  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return Values(objective_->dimension()); }
  LossKind loss_kind() const override { return LossKind::distance; }
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override;

 private:
  std::vector<std::uint32_t> shard(NodeId node) const override;
  double loss_and_gradient(unsigned worker, const LocalStep& step, Values& model) override;
  float* gradient(unsigned worker) override { return gradients_[worker].data(); }
  double descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) override;

  std::unique_ptr<const Objective> objective_;
  ParameterLayout layout_;
  std::vector<Values> gradients_;  ///< one for each worker
};

}  // namespace tardigrad
