/// Predicts ratings: each node has the ratings of some users, and is tested on other ratings of the same users.
#pragma once

#include <memory>
#include <vector>

#include "models/learners/learner.hpp"
#include "models/learners/matrix_factorization.hpp"
#include "models/split/rating_split.hpp"

namespace tardigrad {

/// A training loss is the mean squared error over the steps' batches. An evaluation's loss is the root mean
/// squared error over the test ratings; its accuracy is the share of predictions that equal the rating when
/// they are clamped to [0.5, 5] and rounded to halves.
class RatingLearner final : public Learner {
 public:
  RatingLearner(std::shared_ptr<const Ratings> ratings, RatingSplit split, const TrainingSpec& training,
                std::uint64_t seed, unsigned workers);

  const ParameterLayout& layout() const override { return models_.front().layout(); }
  Values initial_model() const override { return models_.front().initial_model(seed_); }
  std::unique_ptr<LocalState> local_state(NodeId node) const override;
  std::uint64_t shard_size(NodeId node) const override { return split_.train[node].size(); }
  /// Plain descent steps on the rows of the batch alone. Momentum and weight decay move all parameters in every
  /// step, as torch.optim.SGD does with a dense gradient.
  double train(unsigned worker, LocalState& state, Values& model) override;
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override;

 private:
  std::shared_ptr<const Ratings> ratings_;
  RatingSplit split_;
  TrainingSpec training_;
  std::uint64_t seed_;
  std::vector<MatrixFactorization> models_;  ///< one for each worker
};

}  // namespace tardigrad
