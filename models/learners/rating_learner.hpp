/// Predicts ratings: each node has the ratings of some users, and is tested on other ratings of the same users.
#pragma once

#include <memory>
#include <vector>

#include "models/learners/matrix_factorization.hpp"
#include "models/learners/stepping_learner.hpp"
#include "models/split/rating_split.hpp"

namespace tardigrad {

/// A training loss is the mean squared error over the steps' batches. An evaluation's loss is the root mean
/// squared error over the test ratings; its accuracy is the share of predictions that equal the rating when
/// they are clamped to [0.5, 5] and rounded to halves.
///
/// Plain descent steps on the rows of the batch alone. Every other optimizer moves all parameters in every step, as
/// PyTorch's do with a dense gradient.
class RatingLearner final : public SteppingLearner {
 public:
  RatingLearner(std::shared_ptr<const Ratings> ratings, RatingSplit split, const TrainingSpec& training,
                std::uint64_t seed, unsigned workers);

  const ParameterLayout& layout() const override { return workers_.front().factors.layout(); }
  Values initial_model() const override { return workers_.front().factors.initial_model(seed()); }
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override;

 private:
  struct Worker {
    MatrixFactorization factors;
    std::vector<Rating> batch;
  };

  std::vector<std::uint32_t> shard(NodeId node) const override { return split_.train[node]; }
  double loss_and_gradient(unsigned worker, const LocalStep& step, Values& model) override;
  float* gradient(unsigned worker) override { return workers_[worker].factors.gradient().data(); }
  double descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) override;
  const std::vector<Rating>& batch(Worker& worker, const LocalStep& step) const;

  std::shared_ptr<const Ratings> ratings_;
  RatingSplit split_;
  std::vector<Worker> workers_;
};

}  // namespace tardigrad
