#include "models/learners/rating_learner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/training/minibatch_sampler.hpp"

namespace tardigrad {
namespace {

struct NodeState final : LocalState {
  NodeState(MinibatchSampler in_order, const SgdOptions& options) : sampler(std::move(in_order)), sgd(options) {}

  void persist(StateArchive& archive) override { archive(sampler, sgd, rounds); }

  MinibatchSampler sampler;
  Sgd sgd;
  Round rounds = 0;           ///< number of rounds trained
  std::vector<Rating> batch;  ///< batch of one step
};

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
    : ratings_(std::move(ratings)),
      split_(std::move(split)),
      training_(training),
      seed_(seed),
      models_(workers, MatrixFactorization(ratings_->users, ratings_->films)) {}

std::unique_ptr<LocalState> RatingLearner::local_state(NodeId node) const {
  return std::make_unique<NodeState>(MinibatchSampler(split_.train[node], seed_, node, training_.drop_last),
                                     training_.sgd);
}

double RatingLearner::train(unsigned worker, LocalState& state, Values& model) {
  if (training_.local_steps == 0) return 0;
  NodeState& own = static_cast<NodeState&>(state);
  MatrixFactorization& factors = models_[worker];
  const double learning_rate = training_.schedule.rate_in(own.rounds++, training_.learning_rate);
  double loss = 0;
  for (std::uint32_t step = 0; step < training_.local_steps && !is_abandoned(); ++step) {
    own.batch.clear();
    for (const std::uint32_t place : own.sampler.next(training_.batch_size)) own.batch.push_back(ratings_->all[place]);
    if (training_.sgd.is_plain()) {
      loss += factors.descend(model, own.batch, learning_rate);
    } else {
      loss += factors.loss_and_gradient(model, own.batch);
      own.sgd.descend(model, factors.gradient().data(), learning_rate);
    }
  }
  return loss / training_.local_steps;
}

Evaluation RatingLearner::evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) {
  const MatrixFactorization& factors = models_[worker];
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
