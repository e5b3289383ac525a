#include "models/learners/optimum_learner.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace tardigrad {
namespace {

double distance(const Values& point, const std::vector<double>& from) {
  double squares = 0;
  for (std::size_t p = 0; p < from.size(); ++p) squares += (point[p] - from[p]) * (point[p] - from[p]);
  return std::sqrt(squares);
}

}  // namespace

OptimumLearner::OptimumLearner(std::unique_ptr<const Objective> objective, const TrainingSpec& training,
                               std::uint64_t seed, unsigned workers)
    : SteppingLearner(training, seed),
      objective_(std::move(objective)),
      layout_{{{"point", {static_cast<std::int64_t>(objective_->dimension())}}}},
      gradients_(workers, Values(objective_->dimension())) {}

std::vector<std::uint32_t> OptimumLearner::shard(NodeId) const {
  std::vector<std::uint32_t> samples(objective_->samples());
  std::iota(samples.begin(), samples.end(), 0U);
  return samples;
}

double OptimumLearner::loss_and_gradient(unsigned worker, const LocalStep& step, Values& model) {
  return objective_->loss_and_gradient(step.node, step.samples, model, gradients_[worker]);
}

double OptimumLearner::descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) {
  const double loss = loss_and_gradient(worker, step, model);
  const auto rate = static_cast<float>(learning_rate);
  for (std::size_t p = 0; p < model.size(); ++p) model[p] -= rate * gradients_[worker][p];
  return loss;
}

Evaluation OptimumLearner::evaluate(unsigned, const Values& model, std::optional<NodeId>) {
  const double left = distance(model, objective_->optimum());
  const double all = distance(initial_model(), objective_->optimum());
  return {std::max(0.0, 1 - left / all), left};
}

}  // namespace tardigrad
