/// How fast nodes are on average over a run, and what they do in it if nothing holds them up.
#pragma once

#include <vector>

#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// What a node's rates and pace are on average over the run.
struct NodeMeans {
  double uplink;
  double downlink;
  double round_seconds;
  double presence;  ///< share of the time
};

/// By node, with the scenario's first seed.
std::vector<NodeMeans> node_means(const Scenario& scenario);

/// Rounds of all nodes that nothing holds up, each beginning somewhere in the stagger.
double expected_rounds(const Scenario& scenario, const std::vector<NodeMeans>& means);

/// Local steps of a run over all nodes, if nothing holds them up.
double expected_local_steps(const Scenario& scenario);

}  // namespace tardigrad
