/// The output of `tardigrad check`: a scenario in full and its meaning in numbers. Nothing is run.
#pragma once

#include <string>

#include "models/learners/learner.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// The resolved scenario as TOML, then graphs, message sizes, upload times and rho for each algorithm and the
/// estimated cost of all runs. Figures are those of the first seed. `learner` is the scenario's own.
std::string check_report(const Scenario& scenario, const Learner& learner);

}  // namespace tardigrad
