/// The meaning of a scenario for each node and link under one seed: rates, latencies and losses over time,
/// absences, and paces.
///
/// Every node or link and rule draws from a stream of its own, named by the rule's place among rules of its
/// kind: a rule added at the end does not change the draws of others.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/learning/pace.hpp"
#include "netem/emulated_network.hpp"
#include "netem/time/node_absence.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// Includes stragglers, changes and traces. Without emulation nothing holds a message up. Independent of the
/// scenario's lifetime.
EmulatedNetwork make_network(const Scenario& scenario, std::uint64_t seed);

/// The absences of each node.
std::vector<NodeAbsence> make_absences(const Scenario& scenario, std::uint64_t seed);

/// What each node draws; of none if the scenario counts no energy.
std::vector<PowerDraw> make_draws(const Scenario& scenario, std::uint64_t seed);

/// The pace of each node.
std::vector<Pace> make_paces(const Scenario& scenario, std::uint64_t seed);

/// The nodes to which a rule applies, ascending; empty for a rule about links.
std::vector<NodeId> nodes_of_stragglers(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_change(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_churn(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_pause(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_energy_group(const Scenario& scenario, std::size_t rule, std::uint64_t seed);

/// The mean over the first `until` of the run; exact for a constant.
double mean_over(const PiecewiseConstant& value, Time until);

}  // namespace tardigrad
