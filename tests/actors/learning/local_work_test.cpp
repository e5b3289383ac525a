/// What a protocol asks of its node's next round is done there, over all fragments of the model.
#include <doctest/doctest.h>

#include <ostream>
#include <vector>

#include "models/fragmentation.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"

using namespace tardigrad;

namespace {

using std::chrono::milliseconds;

/// Ten values, of which the last stays with its node. A step adds 1 to each; what is asked for is noted.
class OffsetLearner final : public Learner {
 public:
  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return Values(10, 0.0F); }
  std::unique_ptr<LocalState> local_state(NodeId) const override { return std::make_unique<State>(); }
  std::uint64_t shard_size(NodeId) const override { return 1; }
  LocalResult train(unsigned, LocalState&, Values& model, const LocalWork& work) override {
    works.push_back(work);
    const std::uint32_t steps = work.steps.value_or(4);
    for (float& value : model) value += static_cast<float>(steps);
    return {0, steps, 0.5 * steps};
  }
  Evaluation evaluate(unsigned, const Values&, std::optional<NodeId>) override { return {}; }

  std::vector<LocalWork> works;

 private:
  struct State final : LocalState {
    void persist(StateArchive&) override {}
  };
  ParameterLayout layout_{{{"w", {9}}, {"own", {1}, true, false}}};
};

/// Asks for r steps in round r from 1 on, and for an offset that is different in every fragment, but for the last.
class Asking final : public FragmentProtocol {
 public:
  Asking(const FragmentInfo& info, std::vector<LocalRound>& seen) : info_(info), seen_(seen) {}

  void on_trained(LocalRound local, Actions& actions) override {
    seen_.push_back(local);
    LocalWork work;
    work.steps = local.round + 1;
    work.factor = 3;
    if (info_.fragment < 2) work.offset = share(Values(info_.parameters, 10.0F + static_cast<float>(info_.fragment)));
    actions.start_round(std::move(local.values), local.round == 2 ? LocalWork{} : work);
  }
  void on_message(const ProtocolMessage&, Actions&) override {}
  void persist(StateArchive&) override {}

 private:
  FragmentInfo info_;
  std::vector<LocalRound>& seen_;
};

}  // namespace

TEST_CASE("a round has the steps, the factor and the offsets that a node's fragments ask for, and takes as long") {
  RunPlan plan = plan_of(1, milliseconds(10), milliseconds(80));
  plan.paces[0].local_steps = 4;
  plan.fragments = 3;
  std::vector<LocalRound> seen;
  plan.protocols = [&](const FragmentInfo& info) { return std::make_unique<Asking>(info, seen); };
  OffsetLearner learner;
  ComputePool pool(1, nullptr);
  MemorySink sink;
  const RunOutcome outcome = run_in_virtual_time(plan, learner, pool, sink, [](const RunPosition&) { return true; });
  // Four steps, as the scenario says, then one, two, and four again, since nothing else is asked for.
  REQUIRE(sink.rounds.size() == 3);
  REQUIRE(learner.works.size() == 3);
  CHECK(learner.works[0].steps == 4U);
  CHECK(learner.works[0].is_usual());
  const std::vector<std::uint32_t> steps{4, 1, 2};
  Time begin{};
  for (Round round = 0; round < 3; ++round) {
    CHECK(sink.rounds[round].round.steps == steps[round]);
    CHECK(sink.rounds[round].round.begin == begin);
    begin += milliseconds(10) * steps[round];
    CHECK(sink.rounds[round].round.trained == begin);
    CHECK(seen[3 * round].steps == steps[round]);
    CHECK(seen[3 * round].learning_rates == 0.5 * steps[round]);
  }
  CHECK(outcome.position.steps == 7);
  const LocalWork& work = learner.works[1];
  CHECK(work.steps == 1U);
  CHECK(work.factor == 3);
  REQUIRE(work.offset);
  REQUIRE(work.offset->size() == 10);
  const Fragmentation fragmentation(learner.layout(), 3, plan.seed);
  for (const FragmentId fragment : {0U, 1U, 2U}) {
    for (const float value : fragmentation.gather(*work.offset, fragment)) {
      CHECK(value == (fragment < 2 ? 10.0F + static_cast<float>(fragment) : 0));
    }
  }
  CHECK(work.offset->back() == 0);  // of what is not shared
}
