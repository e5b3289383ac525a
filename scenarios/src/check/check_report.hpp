/// What `tardigrad check` prints: a scenario in full and what it means in numbers. Nothing is run.
#pragma once

#include <string>

#include "models/learners/learner.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// The resolved scenario as TOML, then graphs, message sizes, upload times and rho for each algorithm
/// and what the whole is estimated to cost.
/// Figures are those of the first seed. `learner` is the scenario's own.
std::string check_report(const Scenario& scenario, const Learner& learner);

}  // namespace tardigrad
