/// Checks a scenario as a whole: each of its values is possible, but not all combinations are.
#pragma once

#include <string>

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {

/// Finds rounds that take too long, too many evaluations, drawn stays or loops of a trace, churn that never
/// leaves two nodes, an algorithm that would wait for ever for a lost message, graphs that cannot be built
/// (under each seed) or that an algorithm cannot use, and more fragments than parameters. `root` is the source
/// of `scenario`, without a mistake so far.
void check_whole(const Scenario& scenario, const TomlSection& root);

}  // namespace tardigrad
