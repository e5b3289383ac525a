/// The round of a learner that descends minibatch by minibatch.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/learners/learner.hpp"

namespace tardigrad {

/// One minibatch of a node.
struct LocalStep {
  NodeId node = 0;
  std::uint64_t number = 0;                   ///< of the node's steps, from 0
  const std::vector<std::uint32_t>& samples;  ///< places in the data, of the node's shard
};

/// What learners with minibatches have in common: the order of a node's samples, the schedule of the learning rate,
/// the optimizer. What is computed of a minibatch is the derived class's.
class SteppingLearner : public Learner {
 public:
  std::unique_ptr<LocalState> local_state(NodeId node) const final;
  std::uint64_t shard_size(NodeId node) const final { return shard(node).size(); }
  LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work = {}) final;

 protected:
  SteppingLearner(const TrainingSpec& training, std::uint64_t seed) : training_(training), seed_(seed) {}

  const TrainingSpec& training() const { return training_; }
  std::uint64_t seed() const { return seed_; }

 private:
  /// The places of the node's samples.
  virtual std::vector<std::uint32_t> shard(NodeId node) const = 0;
  /// The steps that follow are on `model`.
  virtual void begin_round(unsigned /*worker*/, Values& /*model*/) {}
  /// Returns the loss on the minibatch. Its gradient replaces what `gradient` points to.
  virtual double loss_and_gradient(unsigned worker, const LocalStep& step, Values& model) = 0;
  /// A value for each parameter that is trained. What is written to it does not outlive the step.
  virtual float* gradient(unsigned worker) = 0;
  /// Returns the loss on the minibatch before a step of plain gradient descent.
  virtual double descend(unsigned worker, const LocalStep& step, Values& model, double learning_rate) = 0;

  TrainingSpec training_;
  std::uint64_t seed_;
};

}  // namespace tardigrad
