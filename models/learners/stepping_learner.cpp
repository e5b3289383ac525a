#include "models/learners/stepping_learner.hpp"

#include <utility>

#include "models/training/minibatch_sampler.hpp"
#include "models/training/optimizer.hpp"

namespace tardigrad {
namespace {

struct NodeState final : LocalState {
  NodeState(NodeId of, MinibatchSampler in_order, Optimizer chosen)
      : node(of), sampler(std::move(in_order)), optimizer(std::move(chosen)) {}

  void persist(StateArchive& archive) override { archive(sampler, optimizer, rounds, steps); }

  NodeId node;
  MinibatchSampler sampler;
  Optimizer optimizer;
  Round rounds = 0;         ///< number of rounds trained
  std::uint64_t steps = 0;  ///< steps in these rounds
};

}  // namespace

std::unique_ptr<LocalState> SteppingLearner::local_state(NodeId node) const {
  return std::make_unique<NodeState>(
      node, MinibatchSampler(shard(node), seed_, node, training_.drop_last),
      Optimizer(training_.optimizer, static_cast<std::size_t>(layout().trained_numel())));
}

LocalResult SteppingLearner::train(unsigned worker, LocalState& state, Values& model, const LocalWork& work) {
  NodeState& own = static_cast<NodeState&>(state);
  const bool is_plain = training_.optimizer.is_plain() && work.is_usual();
  LocalResult result{0, work.steps.value_or(training_.local_steps), 0};
  begin_round(worker, model);
  for (std::uint32_t step = 0; step < result.steps && !is_abandoned(); ++step) {
    const double learning_rate = training_.schedule.rate_in(own.rounds, own.steps, training_.learning_rate);
    const LocalStep local{own.node, own.steps++, own.sampler.next(training_.batch_size)};
    if (is_plain) {
      result.loss += descend(worker, local, model, learning_rate);
    } else {
      result.loss += loss_and_gradient(worker, local, model);
      own.optimizer.descend(model, gradient(worker), learning_rate, work);
    }
    result.learning_rates += learning_rate;
  }
  ++own.rounds;
  if (result.steps > 0) result.loss /= result.steps;
  return result;
}

}  // namespace tardigrad
