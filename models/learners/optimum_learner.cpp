#include "models/learners/optimum_learner.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/training/minibatch_sampler.hpp"

namespace tardigrad {
namespace {

struct NodeState final : LocalState {
  NodeState(NodeId of, MinibatchSampler in_order, const SgdOptions& options, std::size_t dimension)
      : node(of), sampler(std::move(in_order)), sgd(options), gradient(dimension) {}

  void persist(StateArchive& archive) override { archive(sampler, sgd, rounds); }

  NodeId node;
  MinibatchSampler sampler;
  Sgd sgd;
  Round rounds = 0;  ///< number of rounds trained
  Values gradient;   ///< of one step
};

double distance(const Values& point, const std::vector<double>& from) {
  double squares = 0;
  for (std::size_t p = 0; p < from.size(); ++p) squares += (point[p] - from[p]) * (point[p] - from[p]);
  return std::sqrt(squares);
}

}  // namespace

OptimumLearner::OptimumLearner(std::unique_ptr<const Objective> objective, const TrainingSpec& training,
                               std::uint64_t seed)
    : objective_(std::move(objective)),
      training_(training),
      seed_(seed),
      layout_{{{"point", {static_cast<std::int64_t>(objective_->dimension())}}}} {}

std::unique_ptr<LocalState> OptimumLearner::local_state(NodeId node) const {
  std::vector<std::uint32_t> samples(objective_->samples());
  std::iota(samples.begin(), samples.end(), 0U);
  return std::make_unique<NodeState>(node, MinibatchSampler(std::move(samples), seed_, node, training_.drop_last),
                                     training_.sgd, objective_->dimension());
}

double OptimumLearner::train(unsigned, LocalState& state, Values& model) {
  if (training_.local_steps == 0) return 0;
  NodeState& own = static_cast<NodeState&>(state);
  const double learning_rate = training_.schedule.rate_in(own.rounds++, training_.learning_rate);
  double loss = 0;
  for (std::uint32_t step = 0; step < training_.local_steps && !is_abandoned(); ++step) {
    loss += objective_->loss_and_gradient(own.node, own.sampler.next(training_.batch_size), model, own.gradient);
    own.sgd.descend(model, own.gradient.data(), learning_rate);
  }
  return loss / training_.local_steps;
}

Evaluation OptimumLearner::evaluate(unsigned, const Values& model, std::optional<NodeId>) {
  const double left = distance(model, objective_->optimum());
  const double all = distance(initial_model(), objective_->optimum());
  return {std::max(0.0, 1 - left / all), left};
}

}  // namespace tardigrad
