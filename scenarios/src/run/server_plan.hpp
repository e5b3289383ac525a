/// The servers of a run: nodes behind those that train, with links of their own.
#pragma once

#include "actors/run/run.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// Adds the first `servers` of the scenario's servers, which must have so many, to the plan of a run on its nodes. They
/// are always present.
void add_servers(const Scenario& scenario, NodeId servers, RunPlan& plan);

}  // namespace tardigrad
