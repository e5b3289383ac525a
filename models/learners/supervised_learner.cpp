#include "models/learners/supervised_learner.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <set>
#include <utility>

#include "models/kernels/kernels.hpp"
#include "models/nodes_text.hpp"
#include "models/training/minibatch.hpp"
#include "models/training/minibatch_sampler.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

/// Large enough that calls cost little, small enough that a batch's images stay in a core's cache.
constexpr std::size_t kEvaluationBatch = 32;

/// A diverged model whose scores are not finite has no right answer.
std::int64_t right_answers(const at::Tensor& scores, const at::Tensor& labels) {
  return scores.argmax(1).eq(labels).logical_and_(scores.isfinite().all(1)).sum().item<std::int64_t>();
}

double summed_loss(const at::Tensor& scores, const at::Tensor& labels) {
  const at::Tensor rows = scores.contiguous(), unused = at::empty_like(rows);
  const std::int64_t samples = rows.size(0), classes = rows.size(1);
  return static_cast<double>(samples) * kernels().cross_entropy(samples, classes, rows.data_ptr<float>(),
                                                                labels.data_ptr<std::int64_t>(),
                                                                unused.data_ptr<float>());
}

std::string count_of_samples(std::size_t count) { return count == 1 ? "one sample" : fmt::format("{} samples", count); }

}  // namespace

SupervisedLearner::SupervisedLearner(SupervisedTask task, std::vector<std::unique_ptr<Network>> networks,
                                     const TrainingSpec& training, std::uint64_t seed)
    : SteppingLearner(training, seed), task_(std::move(task)), networks_(std::move(networks)) {}

std::string SupervisedLearner::objection_to_batches() {
  if (!networks_.front()->minds_batch_sizes()) return {};
  std::map<std::size_t, std::vector<NodeId>> nodes_with;  // by number of samples in a batch
  for (NodeId node = 0; node < task_.shards.size(); ++node) {
    const std::size_t shard = task_.shards[node].size();
    for (const std::size_t size :
         std::set<std::size_t>{std::min<std::size_t>(shard, training().batch_size),
                               last_batch(shard, training().batch_size, training().drop_last)}) {
      nodes_with[size].push_back(node);
    }
  }
  for (const auto& [size, nodes] : nodes_with) {
    const std::string failure =
        failure_to_train_on(gather(task_.dataset->train, task_.shards[nodes.front()].data(), size));
    if (failure.empty()) continue;
    return fmt::format("the model cannot be trained on a batch of {}, which {} would get{}: {}", count_of_samples(size),
                       nodes_text(nodes), size < training().batch_size ? advice(nodes) : "", failure);
  }
  const std::size_t whole = std::min(kEvaluationBatch, task_.test_samples.size());
  const std::string failure = failure_to_test(whole);
  return failure.empty() ? failure_to_test(last_batch(task_.test_samples.size(), whole, false)) : failure;
}

std::string SupervisedLearner::failure_to_train_on(const Minibatch& batch) {
  Network& network = *networks_.front();
  Values model = network.initial_model(seed());
  const Values before = model;
  network.bind(model);
  try {
    network.loss_and_gradient(batch);
  } catch (const std::exception& failure) {
    return failure.what();
  }
  for (auto p = static_cast<std::size_t>(layout().trained_numel()); p < model.size(); ++p) {
    if (std::isfinite(before[p]) && !std::isfinite(model[p])) return "statistics of its normalisation are not finite";
  }
  return {};
}

std::string SupervisedLearner::failure_to_test(std::size_t samples) {
  Network& network = *networks_.front();
  const Values model = network.initial_model(seed());
  network.bind(model);
  try {
    network.logits(gather(task_.dataset->test, task_.test_samples.data(), samples).inputs);
  } catch (const std::exception& failure) {
    return fmt::format("the model cannot be tested on {} at once: {}", count_of_samples(samples), failure.what());
  }
  return {};
}

std::string SupervisedLearner::advice(const std::vector<NodeId>& nodes) const {
  const bool is_all = std::any_of(nodes.begin(), nodes.end(),
                                  [&](NodeId node) { return task_.shards[node].size() < training().batch_size; });
  if (is_all) return " (all that some of them have: expected another partition)";
  return " (drop_last = true in [training] leaves out the last of a pass where it is short)";
}

double SupervisedLearner::loss_and_gradient(unsigned worker, const LocalStep& step, Values&) {
  Minibatch batch = gather(task_.dataset->train, step.samples.data(), step.samples.size());
  batch.seed = RandomStream(seed(), Purpose::dropout, step.node, step.number)();
  return networks_[worker]->loss_and_gradient(batch);
}

float* SupervisedLearner::gradient(unsigned worker) { return networks_[worker]->gradient().data_ptr<float>(); }

double SupervisedLearner::descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) {
  const double loss = loss_and_gradient(worker, step, model);
  networks_[worker]->descend(model, learning_rate);
  return loss;
}

Evaluation SupervisedLearner::evaluate(unsigned worker, const Values& model, std::optional<NodeId>) {
  Network& network = *networks_[worker];
  network.bind(model);
  std::int64_t right = 0, tested = 0;
  double loss = 0;
  const std::vector<std::uint32_t>& samples = task_.test_samples;
  for (std::size_t begin = 0; begin < samples.size() && !is_abandoned(); begin += kEvaluationBatch) {
    const std::size_t count = std::min(kEvaluationBatch, samples.size() - begin);
    const Minibatch batch = gather(task_.dataset->test, samples.data() + begin, count);
    const at::Tensor scores = network.logits(batch.inputs);
    const at::Tensor targets = network.targets(batch);
    right += right_answers(scores, targets);
    loss += summed_loss(scores, targets);
    tested += targets.numel();
  }
  const auto all = static_cast<double>(tested);
  return {static_cast<double>(right) / all, loss / all};
}

}  // namespace tardigrad
