/// Trains classifiers: one network for each worker, one shard of the training set for each node.
#pragma once

#include <memory>
#include <vector>

#include "models/data/samples.hpp"
#include "models/learners/stepping_learner.hpp"
#include "models/networks/network.hpp"
#include "models/split/partition.hpp"

namespace tardigrad {

struct SupervisedTask {
  std::shared_ptr<const Dataset> dataset;
  Shards shards;                            ///< shards of the training set, one for each node
  std::vector<std::uint32_t> test_samples;  ///< positions in the test set
};

class SupervisedLearner final : public SteppingLearner {
 public:
  /// One network for each worker, all of one kind.
  SupervisedLearner(SupervisedTask task, std::vector<std::unique_ptr<Network>> networks, const TrainingSpec& training,
                    std::uint64_t seed);

  const ParameterLayout& layout() const override { return networks_.front()->layout(); }
  Values initial_model() const override { return networks_.front()->initial_model(seed()); }
  /// Tries a network on batches of every size that the run will have, if it may refuse some sizes. Returns one
  /// sentence that names the nodes with a batch on which it cannot be trained, or the number of samples on
  /// which it cannot be tested.
  std::string objection_to_batches();
  LossKind loss_kind() const override {
    return task_.dataset->vocabulary > 0 ? LossKind::of_signs : LossKind::of_samples;
  }
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override;

 private:
  std::vector<std::uint32_t> shard(NodeId node) const override { return task_.shards[node]; }
  void begin_round(unsigned worker, Values& model) override { networks_[worker]->bind(model); }
  double loss_and_gradient(unsigned worker, const LocalStep& step, Values& model) override;
  float* gradient(unsigned worker) override;
  double descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) override;
  std::string failure_to_train_on(const Minibatch& batch);
  std::string failure_to_test(std::size_t samples);
  /// The advice for nodes whose last batches are too short.
  std::string advice(const std::vector<NodeId>& nodes) const;

  SupervisedTask task_;
  std::vector<std::unique_ptr<Network>> networks_;
};

}  // namespace tardigrad
