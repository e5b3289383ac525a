/// The cases that were checked against other implementations: a path of three nodes, each drawn towards a point
/// of its own.
#pragma once

#include <memory>
#include <vector>

#include "netem/graph/graph_schedule.hpp"
#include "tests/actors/lockstep.hpp"

namespace tardigrad::test {

struct Crosschecked {
  explicit Crosschecked(const nlohmann::json& setup)
      : initial(3, setup["x0_all_nodes"].get<Values>()),
        targets(setup["b"].get<std::vector<Values>>()),
        learning_rate(setup["eta"].get<float>()),
        steps(setup["tau"].get<int>()) {}

  static std::shared_ptr<const GraphSchedule> graphs() {
    return std::make_shared<const GraphSchedule>(Graph::from_edges(3, {{0, 1}, {1, 2}}));
  }

  Lockstep::LocalSteps local_steps() const {
    return [*this](NodeId node, Round, const Values& model) {
      Values trained = model;
      for (int step = 0; step < steps; ++step) {
        for (std::size_t p = 0; p < trained.size(); ++p) trained[p] -= learning_rate * (trained[p] - targets[node][p]);
      }
      return trained;
    };
  }

  Lockstep run(const ProtocolFactory& protocols) const { return Lockstep(protocols, initial, local_steps()); }

  std::vector<Values> initial;
  std::vector<Values> targets;
  float learning_rate;
  int steps;
};

/// Runs as many rounds as `rounds` has; after each, compares the models with those of `key` and calls `check`.
inline void check_rounds(
    Lockstep& run, const nlohmann::json& rounds, const char* key,
    const std::function<void(NodeId, const nlohmann::json& round)>& check = [](NodeId, const nlohmann::json&) {}) {
  for (std::size_t round = 0; round < rounds.size(); ++round) {
    run.run_until(round + 1);
    for (NodeId node = 0; node < run.size(); ++node) {
      INFO("round " << round << ", node " << node);
      check_close(run.model(node), rounds[round][key][node].get<std::vector<double>>());
      check(node, rounds[round]);
    }
  }
}

}  // namespace tardigrad::test
