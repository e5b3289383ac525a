/// What a scenario means for each node and link under one seed: rates, latencies and losses over time,
/// who is away, how fast each computes.
///
/// Every node or link and rule draws from a stream of its own, named by the rule's place among its like:
/// a rule added at the end changes nothing of what others draw.
#pragma once

#include <cstdint>
#include <vector>

#include "actors/learning/node.hpp"
#include "netem/emulated_network.hpp"
#include "netem/time/node_absence.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// Stragglers, changes and traces are in it. Without emulation nothing holds a message up. Independent of
/// the scenario's lifetime.
EmulatedNetwork make_network(const Scenario& scenario, std::uint64_t seed);

/// When each node is away; one a node.
std::vector<NodeAbsence> make_absences(const Scenario& scenario, std::uint64_t seed);

/// One a node.
std::vector<Pace> make_paces(const Scenario& scenario, std::uint64_t seed);

/// The nodes that a rule is of, ascending; empty for one of links.
std::vector<NodeId> nodes_of_stragglers(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_change(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_churn(const Scenario& scenario, std::size_t rule, std::uint64_t seed);
std::vector<NodeId> nodes_of_pause(const Scenario& scenario, std::size_t rule, std::uint64_t seed);

/// Over the first `until` of the run; a constant is exactly itself.
double mean_over(const PiecewiseConstant& value, Time until);

}  // namespace tardigrad
