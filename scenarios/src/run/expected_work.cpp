#include "scenarios/src/run/expected_work.hpp"

#include <algorithm>

#include "scenarios/src/scenario/network_plan.hpp"

namespace tardigrad {

std::vector<NodeMeans> node_means(const Scenario& scenario) {
  const std::uint64_t seed = scenario.seeds.front();
  const Time duration = scenario.time.duration;
  const EmulatedNetwork network = make_network(scenario, seed);
  const std::vector<NodeAbsence> absences = make_absences(scenario, seed);
  const std::vector<Pace> paces = make_paces(scenario, seed);
  std::vector<NodeMeans> means;
  for (NodeId node = 0; node < scenario.nodes.count; ++node) {
    const double pace = mean_over(paces[node].compute.pace(), duration);
    means.push_back({mean_over(network.access[node].uplink.bits_per_second(), duration),
                     mean_over(network.access[node].downlink.bits_per_second(), duration),
                     to_seconds(scenario.expected_round()) * paces[node].slowdown / pace,
                     mean_over(absences[node].presence(), duration)});
  }
  return means;
}

double expected_rounds(const Scenario& scenario, const std::vector<NodeMeans>& means) {
  const double stagger = to_seconds(scenario.compute.start_stagger);
  const double time = std::max(0.0, to_seconds(scenario.time.duration) - stagger / 2);
  double rounds = 0;
  for (const NodeMeans& node : means) rounds += time * node.presence / node.round_seconds;
  return rounds;
}

double expected_local_steps(const Scenario& scenario) {
  return expected_rounds(scenario, node_means(scenario)) * scenario.training.local_steps;
}

}  // namespace tardigrad
