/// A model that has only a size, for measuring networks and algorithms without learning.
#pragma once

#include "models/learners/learner.hpp"

namespace tardigrad {

class NullLearner final : public Learner {
 public:
  /// A model of `parameters` (> 0) parameters.
  explicit NullLearner(std::int64_t parameters);

  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return {}; }
  std::unique_ptr<LocalState> local_state(NodeId) const override { return std::make_unique<Nothing>(); }
  std::uint64_t shard_size(NodeId) const override { return 0; }
  LocalResult train(unsigned, LocalState&, Values&, const LocalWork&) override { return {}; }
  Evaluation evaluate(unsigned, const Values&, std::optional<NodeId>) override { return {}; }
  bool learns() const override { return false; }

 private:
  struct Nothing final : LocalState {
    void persist(StateArchive&) override {}
  };

  ParameterLayout layout_;
};

}  // namespace tardigrad
