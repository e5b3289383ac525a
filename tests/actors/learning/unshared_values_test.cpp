#include <doctest/doctest.h>

#include <algorithm>

#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"

using namespace tardigrad;

namespace {

constexpr std::int64_t kShared = 40;

/// Beside the shared model, every node keeps its own number.
class OwnNumberLearner final : public Learner {
 public:
  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return Values(kShared + 1, 0.0F); }
  std::unique_ptr<LocalState> local_state(NodeId node) const override { return std::make_unique<State>(node); }
  std::uint64_t shard_size(NodeId) const override { return 1; }

  LocalResult train(unsigned, LocalState& state, Values& model, const LocalWork&) override {
    for (float& value : model) value += 1;
    model.back() = static_cast<float>(static_cast<State&>(state).node + 1);
    return {0, 1, 1};
  }

  Evaluation evaluate(unsigned, const Values& model, std::optional<NodeId>) override {
    REQUIRE(model.size() == kShared + 1);
    return {model.back(), model.front()};
  }

 private:
  struct State final : LocalState {
    explicit State(NodeId id) : node(id) {}
    void persist(StateArchive&) override {}
    NodeId node;
  };

  ParameterLayout layout_{{{"w", {kShared}}, {"own", {1}, false, false}}};
};

}  // namespace

TEST_CASE("what is not shared stays with its node under every algorithm, and is averaged for the mean model alone") {
  for (const std::string& kind : kinds()) {
    CAPTURE(kind);
    RunPlan plan = plan_of(kind, 8, std::chrono::milliseconds(100), std::chrono::seconds(2));
    plan.evaluations = {std::chrono::seconds(2)};
    OwnNumberLearner learner;
    ComputePool pool(2, nullptr);
    MemorySink sink;
    run_in_virtual_time(plan, learner, pool, sink, [](const RunPosition&) { return true; });
    REQUIRE(sink.evaluations.size() == tested_models(plan));
    double sum = 0;
    for (const EvaluationRow& row : sink.evaluations) {
      CAPTURE(row.node);
      CHECK(row.result.loss > 0);
      if (row.node == kAveragedModel || row.node == kServerModel) continue;
      CHECK(row.result.accuracy == row.node + 1);
      sum += row.result.accuracy;
    }
    CHECK(sum == 36);
    const auto is_mean = [](const EvaluationRow& row) { return row.node == kAveragedModel; };
    const auto mean = std::find_if(sink.evaluations.begin(), sink.evaluations.end(), is_mean);
    REQUIRE(mean != sink.evaluations.end());
    CHECK(mean->result.accuracy == 4.5);
  }
}
