/// What the user must know of a run that went on although something was wrong: said when it ends, and again in its
/// report.
#pragma once

#include <string>
#include <vector>

#include "actors/record/run_mishaps.hpp"

namespace tardigrad {

/// Under the real clock training did not keep up. `slow_nodes`: one at least.
std::string slow_machine(const std::vector<SlowNode>& slow_nodes);

/// "host 2 was lost after 12 s, and with it 3 nodes"
std::string lost_host_text(const LostHost& lost);

}  // namespace tardigrad
