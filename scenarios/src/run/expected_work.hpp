/// Mean speeds of nodes over a run, and their work if nothing holds them up.
#pragma once

#include <vector>

#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// A node's mean rates and pace over the run.
struct NodeMeans {
  double uplink;
  double downlink;
  double round_seconds;
  double presence;  ///< share of the time
};

/// By node, with the scenario's first seed.
std::vector<NodeMeans> node_means(const Scenario& scenario);

/// The number of rounds of all nodes if nothing holds them up, each beginning somewhere in the stagger.
double expected_rounds(const Scenario& scenario, const std::vector<NodeMeans>& means);

/// The number of local steps of a run over all nodes, if nothing holds them up.
double expected_local_steps(const Scenario& scenario);

}  // namespace tardigrad
