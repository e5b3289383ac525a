/// Searches the optimum of a known function: the sharpest test of what averaging and unequal data do to a model.
#pragma once

#include <memory>

#include "models/learners/learner.hpp"
#include "models/learners/objective.hpp"

namespace tardigrad {

/// A model is a point, which begins at zero; a node's samples are those of its own function. An evaluation's loss is
/// the Euclidean distance to the optimum, as near as float32 comes to it; its accuracy is the share of the way from
/// zero that is covered, 1 less the distance over that at the beginning, at least 0. A training loss is the mean of the
/// node's function over the steps.
class OptimumLearner final : public Learner {
 public:
  OptimumLearner(std::unique_ptr<const Objective> objective, const TrainingSpec& training, std::uint64_t seed);

  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return Values(objective_->dimension()); }
  std::unique_ptr<LocalState> local_state(NodeId node) const override;
  std::uint64_t shard_size(NodeId) const override { return objective_->samples(); }
  LossKind loss_kind() const override { return LossKind::distance; }
  double train(unsigned worker, LocalState& state, Values& model) override;
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override;

 private:
  std::unique_ptr<const Objective> objective_;
  TrainingSpec training_;
  std::uint64_t seed_;
  ParameterLayout layout_;
};

}  // namespace tardigrad
