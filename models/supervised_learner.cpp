#include "models/supervised_learner.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "models/minibatch.hpp"
#include "models/minibatch_sampler.hpp"
#include "netem/random_stream.hpp"

namespace tardigrad {
namespace {

/// So many that calls cost little, so few that a batch's images stay in a core's cache.
constexpr std::size_t kEvaluationBatch = 32;

struct NodeState final : LocalState {
  NodeState(NodeId of, MinibatchSampler in_order, Sgd optimizer)
      : node(of), sampler(std::move(in_order)), sgd(std::move(optimizer)) {}

  void persist(StateArchive& archive) override { archive(sampler, sgd, rounds, steps); }

  NodeId node;
  MinibatchSampler sampler;
  Sgd sgd;
  Round rounds = 0;         ///< that it has been trained
  std::uint64_t steps = 0;  ///< in these rounds
};

/// Where a diverged model's scores are not finite, no answer is right.
std::int64_t right_answers(const at::Tensor& scores, const at::Tensor& labels) {
  return scores.argmax(1).eq(labels).logical_and_(scores.isfinite().all(1)).sum().item<std::int64_t>();
}

double summed_loss(const at::Tensor& scores, const at::Tensor& labels) {
  return -at::log_softmax(scores, 1).gather(1, labels.unsqueeze(1)).sum().item<double>();
}

}  // namespace

SupervisedLearner::SupervisedLearner(SupervisedTask task, std::vector<std::unique_ptr<Network>> networks,
                                     const TrainingSpec& training, std::uint64_t seed)
    : task_(std::move(task)), networks_(std::move(networks)), training_(training), seed_(seed) {}

std::unique_ptr<LocalState> SupervisedLearner::local_state(NodeId node) const {
  const auto trained = static_cast<std::size_t>(layout().trained_numel());
  return std::make_unique<NodeState>(node, MinibatchSampler(task_.shards[node], seed_, node),
                                     Sgd(training_.sgd, trained));
}

double SupervisedLearner::train(unsigned worker, LocalState& state, Values& model) {
  if (training_.local_steps == 0) return 0;
  NodeState& own = static_cast<NodeState&>(state);
  Network& network = *networks_[worker];
  const double learning_rate = training_.schedule.rate_in(own.rounds++, training_.learning_rate);
  network.bind(model);
  double loss = 0;
  for (std::uint32_t step = 0; step < training_.local_steps; ++step) {
    const std::vector<std::uint32_t>& samples = own.sampler.next(training_.batch_size);
    Minibatch batch = gather(task_.dataset->train, samples.data(), samples.size());
    batch.seed = RandomStream(seed_, Purpose::dropout, own.node, own.steps++)();
    loss += network.loss_and_gradient(batch);
    if (training_.sgd.is_plain()) {
      network.descend(model, learning_rate);
    } else {
      own.sgd.descend(model, network.gradient().data_ptr<float>(), learning_rate);
    }
  }
  return loss / training_.local_steps;
}

Evaluation SupervisedLearner::evaluate(unsigned worker, const Values& model, std::optional<NodeId>) {
  Network& network = *networks_[worker];
  network.bind(model);
  std::int64_t right = 0;
  double loss = 0;
  const std::vector<std::uint32_t>& samples = task_.test_samples;
  for (std::size_t begin = 0; begin < samples.size(); begin += kEvaluationBatch) {
    const std::size_t count = std::min(kEvaluationBatch, samples.size() - begin);
    const Minibatch batch = gather(task_.dataset->test, samples.data() + begin, count);
    const at::Tensor scores = network.logits(batch.inputs);
    right += right_answers(scores, batch.labels);
    loss += summed_loss(scores, batch.labels);
  }
  const auto tested = static_cast<double>(samples.size());
  return {static_cast<double>(right) / tested, loss / tested};
}

}  // namespace tardigrad
