#include "models/learners/rating_learner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tardigrad {
namespace {

/// Accumulates the quality of predictions.
struct Score {
  void add(float prediction, float stars) {
    const double error = double{prediction} - double{stars};
    squares += error * error;
    const float rounded = std::round(2 * std::clamp(prediction, 0.5F, 5.F)) / 2;
    right += rounded == stars ? 1 : 0;
    count += 1;
  }
  Evaluation evaluation() const { return {right / count, std::sqrt(squares / count)}; }

  double squares = 0;
  double right = 0;
  double count = 0;
};

}  // namespace

RatingLearner::RatingLearner(std::shared_ptr<const Ratings> ratings, RatingSplit split, const TrainingSpec& training,
                             std::uint64_t seed, unsigned workers)
    : SteppingLearner(training, seed),
      ratings_(std::move(ratings)),
      split_(std::move(split)),
      workers_(workers, Worker{MatrixFactorization(ratings_->users, ratings_->films), {}}) {}

const std::vector<Rating>& RatingLearner::batch(Worker& worker, const LocalStep& step) const {
  worker.batch.clear();
  for (const std::uint32_t place : step.samples) worker.batch.push_back(ratings_->all[place]);
  return worker.batch;
}

double RatingLearner::loss_and_gradient(unsigned worker, const LocalStep& step, Values& model) {
  Worker& own = workers_[worker];
  return own.factors.loss_and_gradient(model, batch(own, step));
}

double RatingLearner::descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) {
  Worker& own = workers_[worker];
  return own.factors.descend(model, batch(own, step), learning_rate);
}

Evaluation RatingLearner::evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) {
  const MatrixFactorization& factors = workers_[worker].factors;
  Score score;
  const auto test = [&](const std::vector<std::uint32_t>& places) {
    if (is_abandoned()) return;
    for (const std::uint32_t place : places) {
      const Rating& rating = ratings_->all[place];
      score.add(factors.predict(model, rating.user, rating.film), rating.stars);
    }
  };
  if (node) {
    test(split_.test[*node]);
  } else {
    std::for_each(split_.test.begin(), split_.test.end(), test);
  }
  return score.evaluation();
}

}  // namespace tardigrad
