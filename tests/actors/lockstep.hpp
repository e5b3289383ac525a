/// Runs the protocols of all nodes against each other without actors, clock or links: local steps take no time
/// and messages arrive in a drawn order, first come first served for a pair of nodes.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "netem/base/random_stream.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad::test {

class Lockstep {
 public:
  /// The result of a node's local steps in `round`, which begins with `model`.
  using LocalSteps = std::function<Values(NodeId, Round, const Values& model)>;
  /// The same where protocols ask for something, and need to know what was done.
  using AskedSteps = std::function<LocalRound(NodeId, Round, const Values& model, const LocalWork&)>;

  Lockstep(const ProtocolFactory& protocols, const std::vector<Values>& initial, LocalSteps local_steps,
           std::uint64_t seed = 1)
      : Lockstep(protocols, initial,
                 AskedSteps([steps = std::move(local_steps)](NodeId node, Round round, const Values& model,
                                                             const LocalWork& work) {
                   REQUIRE(work.is_usual());
                   return LocalRound{round, share(steps(node, round, model))};
                 }),
                 seed) {}
  Lockstep(const ProtocolFactory& protocols, const std::vector<Values>& initial, AskedSteps local_steps,
           std::uint64_t seed = 1)
      : local_steps_(std::move(local_steps)), draws_(seed, Purpose::test), nodes_(initial.size()) {
    for (NodeId node = 0; node < initial.size(); ++node) {
      nodes_[node].protocol = protocols({node, 0, initial[node].size()});
    }
    for (NodeId node = 0; node < initial.size(); ++node) {
      Actions actions;
      nodes_[node].protocol->on_start(shared(initial[node]), actions);
      carry_out(node, actions);
    }
  }

  /// Runs until every node has ended so many rounds since the beginning, and none more.
  void run_until(Round rounds) {
    for (;;) {
      std::vector<std::function<void()>> possible;
      for (NodeId node = 0; node < nodes_.size(); ++node) {
        if (nodes_[node].may_train && nodes_[node].round < rounds) possible.push_back([this, node] { train(node); });
      }
      for (auto& [pair, queue] : under_way_) {
        if (!queue.empty()) possible.push_back([this, pair = pair] { deliver(pair); });
      }
      if (possible.empty()) break;
      possible[draws_.below(possible.size())]();
    }
    for (const Node& node : nodes_) REQUIRE(node.round == rounds);
  }

  const Values& model(NodeId node) const { return *nodes_[node].model; }
  /// The messages of the node's last round, in order of sending.
  const std::vector<Actions::Send>& sent(NodeId node) const { return nodes_[node].sent; }
  FragmentProtocol& protocol(NodeId node) { return *nodes_[node].protocol; }
  std::size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    std::unique_ptr<FragmentProtocol> protocol;
    SharedValues model;
    SharedValues start;  ///< the start of its local steps
    LocalWork work;      ///< asked of them
    Round round = 0;     ///< ended
    bool may_train = false;
    bool started = false;
    std::vector<Actions::Send> sent;
  };

  void train(NodeId id) {
    Node& node = nodes_[id];
    node.may_train = false;
    node.sent.clear();
    Actions actions;
    node.protocol->on_trained(local_steps_(id, node.round, *node.start, node.work), actions);
    carry_out(id, actions);
  }

  void deliver(const std::pair<NodeId, NodeId>& pair) {
    auto& queue = under_way_[pair];
    const Actions::Send message = std::move(queue.front());
    queue.pop_front();
    Actions actions;
    nodes_[pair.second].protocol->on_message({pair.first, message.kind, message.round, message.values, message.encoded},
                                             actions);
    carry_out(pair.second, actions);
  }

  void carry_out(NodeId id, Actions& actions) {
    Node& node = nodes_[id];
    for (const Actions::Send& message : actions.sends()) {
      node.sent.push_back(message);
      under_way_[{id, message.to}].push_back(message);
    }
    if (actions.values()) node.model = actions.values();
    if (!actions.starts_round()) return;
    node.may_train = true;
    node.start = node.model;
    node.work = actions.work();
    if (node.started) ++node.round;
    node.started = true;
  }

  AskedSteps local_steps_;
  RandomStream draws_;
  std::vector<Node> nodes_;
  std::map<std::pair<NodeId, NodeId>, std::deque<Actions::Send>> under_way_;
};

/// `steps` steps along factor * gradient + offset, `gradient(node, round, step, model)`.
template <class Gradient>
Lockstep::AskedSteps descent(float learning_rate, std::uint32_t steps, Gradient gradient) {
  return [=](NodeId node, Round round, const Values& model, const LocalWork& work) {
    Values x = model;
    const std::uint32_t count = work.steps.value_or(steps);
    for (std::uint32_t step = 0; step < count; ++step) {
      Values direction = gradient(node, round, step, x);
      for (std::size_t p = 0; p < x.size(); ++p) {
        const float offset = work.offset ? (*work.offset)[p] : 0;
        x[p] -= learning_rate * (work.factor * direction[p] + offset);
      }
    }
    return LocalRound{round, share(std::move(x)), count, double{learning_rate} * count};
  };
}

/// x - learning_rate * gradient, gradients by round and node as in the numeric cases.
inline Lockstep::LocalSteps gradient_steps(const nlohmann::json& example) {
  return [learning_rate = example["learning_rate"].get<float>(),
          gradients = example["gradients"].get<std::vector<std::vector<Values>>>()](NodeId node, Round round,
                                                                                    const Values& model) {
    Values trained = model;
    for (std::size_t p = 0; p < trained.size(); ++p) trained[p] -= learning_rate * gradients[round][node][p];
    return trained;
  };
}

/// model + update, updates by round and node as in the numeric cases.
inline Lockstep::LocalSteps updates_of(const nlohmann::json& example) {
  return [updates = example["updates"].get<std::vector<std::vector<Values>>>()](NodeId node, Round round,
                                                                                const Values& model) {
    Values trained = model;
    for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += updates[round][node][p];
    return trained;
  };
}

inline Values no_steps(NodeId, Round, const Values& model) { return model; }

}  // namespace tardigrad::test
