/// What is wrong with a scenario as a whole: each of its values is possible, but not all together.
#pragma once

#include <string>

#include "scenarios/src/scenario/scenario.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {

/// Rounds that take too long, too many evaluations, drawn stays or loops of a trace, churn that never leaves two
/// nodes, an algorithm that would wait for ever for a message that is lost, graphs that cannot be built
/// (under each seed) or that an algorithm cannot use, more fragments than parameters. `root` is what `scenario` was
/// read from, without a mistake so far.
void check_whole(const Scenario& scenario, const TomlSection& root);

}  // namespace tardigrad
