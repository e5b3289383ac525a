/// Warnings about a run that went on in spite of a problem: shown when it ends, and again in its report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/record/run_mishaps.hpp"

namespace tardigrad {

/// Under the real clock training did not keep up. Needs at least one of `slow_nodes`.
std::string slow_machine(const std::vector<SlowNode>& slow_nodes);

/// The run ended before every node had done its training rounds, so that consensus rounds are missing. `rounds`: of all
/// `nodes` together. Empty if there is nothing to warn of.
std::string missing_consensus(std::uint64_t rounds, std::uint64_t nodes, std::uint64_t training_rounds);

/// "host 2 was lost after 12 s, and with it 3 nodes"
std::string lost_host_text(const LostHost& lost);

}  // namespace tardigrad
