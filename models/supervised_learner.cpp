#include "models/supervised_learner.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

#include "models/minibatch_sampler.hpp"

namespace tardigrad {
namespace {

/// So many that calls cost little, so few that a batch's images stay in a core's cache.
constexpr std::size_t kEvaluationBatch = 32;

struct NodeState final : LocalState {
  NodeState(MinibatchSampler in_order, const SgdOptions& options) : sampler(std::move(in_order)), sgd(options) {}

  MinibatchSampler sampler;
  Sgd sgd;
  Round rounds = 0;  ///< that it has been trained
};

Minibatch gather(const LabelledImages& images, const std::uint32_t* samples, std::size_t count) {
  const auto n = static_cast<std::int64_t>(count);
  const auto channels = static_cast<std::int64_t>(images.shape.channels);
  const auto height = static_cast<std::int64_t>(images.shape.height);
  const auto width = static_cast<std::int64_t>(images.shape.width);
  const c10::InferenceMode no_autograd;
  Minibatch batch{at::empty_strided({n, channels, height, width},
                                    {channels * height * width, 1, channels * width, channels}, at::kFloat),
                  at::empty({n}, at::kLong)};
  auto* inputs = batch.inputs.data_ptr<float>();
  auto* labels = batch.labels.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < count; ++i) {
    images.normalise(samples[i], inputs + i * images.shape.numel());
    labels[i] = images.labels[samples[i]];
  }
  return batch;
}

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
  return std::make_unique<NodeState>(MinibatchSampler(task_.shards[node], seed_, node), training_.sgd);
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
    loss += network.loss_and_gradient(gather(task_.dataset->train, samples.data(), samples.size()));
    if (training_.sgd.is_plain()) {
      network.descend(model, learning_rate);
    } else {
      own.sgd.descend(model, network.gradient().data_ptr<float>(), learning_rate);
    }
  }
  return loss / training_.local_steps;
}

Evaluation SupervisedLearner::evaluate(unsigned worker, const Values& model) {
  Network& network = *networks_[worker];
  network.bind(model);
  std::int64_t right = 0;
  double loss = 0;
  const std::vector<std::uint32_t>& samples = task_.test_samples;
  const c10::InferenceMode no_autograd;
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
