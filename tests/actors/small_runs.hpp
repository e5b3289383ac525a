/// Small runs: a learner that takes hardly any time, a sink that records, and plans.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "actors/protocols/registry.hpp"
#include "actors/run/run.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

/// Learns nothing useful, but gives every node, round and step different values.
class CountingLearner : public Learner {
 public:
  static constexpr float kLearningRate = 0.25F;

  explicit CountingLearner(std::int64_t parameters) : layout_{{{"w", {parameters}}}, true} {}

  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return Values(static_cast<std::size_t>(layout_.numel()), 1.0F); }
  std::unique_ptr<LocalState> local_state(NodeId node) const override { return std::make_unique<State>(node); }
  std::uint64_t shard_size(NodeId) const override { return 1; }

  LocalResult train(unsigned, LocalState& local, Values& model, const LocalWork& work) override {
    auto& state = static_cast<State&>(local);
    RandomStream draw(7, Purpose::minibatches, state.node, state.rounds++);
    // Results must not depend on the real duration of the work.
    std::this_thread::sleep_for(std::chrono::microseconds(draw.below(300)));
    for (std::size_t p = 0; p < model.size(); ++p) {
      model[p] += work.factor * static_cast<float>(draw.uniform() - 0.5);
      if (work.offset) model[p] -= kLearningRate * (*work.offset)[p];
    }
    const std::uint32_t steps = work.steps.value_or(1);
    return {draw.uniform(), steps, steps * double{kLearningRate}};
  }

  Evaluation evaluate(unsigned, const Values& model, std::optional<NodeId>) override {
    double sum = 0;
    for (const float value : model) sum += value;
    // Linear in the model, and what results may be.
    const double mean = sum / static_cast<double>(model.size());
    return {0.5 + mean / 1000, 10 - mean / 1000};
  }

 private:
  struct State final : LocalState {
    explicit State(NodeId id) : node(id) {}
    void persist(StateArchive& archive) override { archive(rounds); }
    NodeId node;
    std::uint64_t rounds = 0;
  };

  ParameterLayout layout_;
};

/// Throws after fifty rounds.
class FailingLearner final : public CountingLearner {
 public:
  using CountingLearner::CountingLearner;
  LocalResult train(unsigned worker, LocalState& state, Values& model, const LocalWork& work) override {
    if (++calls_ > 50) throw std::runtime_error("out of paper");
    return CountingLearner::train(worker, state, model, work);
  }

 private:
  std::atomic<int> calls_{0};
};

class BrokenProtocol final : public FragmentProtocol {
  void on_trained(LocalRound, Actions&) override { throw std::logic_error("broken invariant"); }
  void on_message(const ProtocolMessage&, Actions&) override {}
  void persist(StateArchive&) override {}
};

class MemorySink : public RecordSink {
 public:
  void add(const RoundRecord& record) override { rounds.push_back(record); }
  void add_of_server(const RoundRecord& record) override { of_servers.push_back(record); }
  void add_unfinished(const RoundRecord& record) override { unfinished.push_back(record); }
  void add(const EvaluationRow& row) override { evaluations.push_back(row); }
  void add(const LinkRow& row) override { links.push_back(row); }
  void commit() override {}
  bool looks_between() override { return look_from && evaluations.back().time >= *look_from; }
  void add_between(const std::vector<EvaluationRow>& rows) override {
    between.insert(between.end(), rows.begin(), rows.end());
  }

  bool has_enough() const override {
    return enough_from && !evaluations.empty() && evaluations.back().time >= *enough_from;
  }

  /// Wants the models before the first evaluation from then on.
  std::optional<Time> look_from;
  /// Has enough with the first evaluation from then on.
  std::optional<Time> enough_from;
  std::vector<EvaluationRow> between;
  std::vector<RoundRecord> rounds;
  std::vector<RoundRecord> of_servers;
  std::vector<RoundRecord> unfinished;
  std::vector<EvaluationRow> evaluations;
  std::vector<LinkRow> links;
};

inline AccessLink rates(double uplink, double downlink) {
  return {RateProfile(BitsPerSecond{uplink}), RateProfile(BitsPerSecond{downlink})};
}
inline AccessLink both_ways(double rate) { return rates(rate, rate); }

/// For every pair of nodes.
inline std::function<std::shared_ptr<const LinkModel>(NodeId, NodeId)> same_link(LinkModel model) {
  return [link = std::make_shared<const LinkModel>(std::move(model))](NodeId, NodeId) { return link; };
}

/// Every byte that a link has accepted is accounted for.
inline void check_balance(const std::vector<LinkRow>& links) {
  for (const LinkRow& row : links) {
    INFO("kind " << static_cast<int>(row.kind) << " from " << row.from << " to " << row.to);
    CHECK(row.accepted.messages ==
          row.passed.messages + row.dropped.messages + row.lost.messages + row.under_way.messages);
    CHECK(row.accepted.bytes == row.passed.bytes + row.dropped.bytes + row.lost.bytes + row.under_way.bytes);
    CHECK(row.delays.messages() == (row.kind == LinkRow::Kind::downlink ? row.passed.messages : 0));
  }
}

inline RunPlan plan_of(NodeId nodes, Time round, Time duration) {
  RunPlan plan;
  plan.nodes = nodes;
  plan.seed = 3;
  plan.duration = duration;
  Distribution step;
  step.mean = round;
  plan.paces.assign(nodes, Pace{Time{}, step, 1, 1});
  plan.network.access.assign(nodes, both_ways(1e6));
  plan.network.link = same_link({Latency(std::chrono::milliseconds(2)), {}, std::nullopt});
  plan.absences.resize(nodes);
  return plan;
}

/// With the nodes' fastest links.
inline void add_servers(NodeId servers, RunPlan& plan) {
  plan.servers = servers;
  plan.nodes += servers;
  plan.paces.resize(plan.nodes);
  plan.absences.resize(plan.nodes);
  plan.network.access.resize(plan.nodes, both_ways(1e6));
}

/// The algorithm's servers come in addition to `nodes`.
inline RunPlan plan_of(const std::string& kind, NodeId nodes, Time round, Time duration) {
  const Algorithm& algorithm = *find_algorithm(kind);
  AlgorithmOptions options(algorithm.options);
  RunPlan plan = plan_of(nodes, round, duration);
  const auto graphs = graph_schedule(algorithm.usual_topology, nodes, plan.seed);
  REQUIRE(algorithm.objection(options, *graphs->at(0)) == "");
  plan.fragments = algorithm.fragments(options);
  plan.exchanges_per_round = algorithm.exchanges_per_round(plan.nodes);
  plan.protocols = algorithm.protocols(options, {graphs, plan.seed});
  for (NodeId node = 0; node < nodes; ++node) {
    plan.paces[node].start = round * node / nodes;
    if (node % 4 == 0) plan.network.access[node] = both_ways(1e5);
  }
  add_servers(algorithm.server_count(options), plan);
  return plan;
}

/// The models that an evaluation tests: those of nodes that train, the first server's, and the average.
inline std::size_t tested_models(const RunPlan& plan) { return plan.workers() + (plan.servers > 0 ? 1 : 0) + 1; }

inline std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const Algorithm& algorithm : algorithms()) names.push_back(algorithm.name);
  return names;
}

}  // namespace tardigrad
