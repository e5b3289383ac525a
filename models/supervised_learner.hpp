/// Classifies: a network a worker, a shard of the training set a node.
#pragma once

#include <memory>
#include <vector>

#include "models/learner.hpp"
#include "models/network.hpp"
#include "models/partition.hpp"
#include "models/samples.hpp"

namespace tardigrad {

struct SupervisedTask {
  std::shared_ptr<const Dataset> dataset;
  Shards shards;                            ///< of the training set, one a node
  std::vector<std::uint32_t> test_samples;  ///< positions in the test set
};

class SupervisedLearner final : public Learner {
 public:
  /// One network a worker, all of one kind.
  SupervisedLearner(SupervisedTask task, std::vector<std::unique_ptr<Network>> networks, const TrainingSpec& training,
                    std::uint64_t seed);

  const ParameterLayout& layout() const override { return networks_.front()->layout(); }
  Values initial_model() const override { return networks_.front()->initial_model(seed_); }
  std::unique_ptr<LocalState> local_state(NodeId node) const override;
  std::uint64_t shard_size(NodeId node) const override { return task_.shards[node].size(); }
  double train(unsigned worker, LocalState& state, Values& model) override;
  Evaluation evaluate(unsigned worker, const Values& model, std::optional<NodeId> node) override;

 private:
  SupervisedTask task_;
  std::vector<std::unique_ptr<Network>> networks_;
  TrainingSpec training_;
  std::uint64_t seed_;
};

}  // namespace tardigrad
