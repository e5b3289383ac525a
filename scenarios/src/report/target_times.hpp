/// The times and bytes to each target of scenarios that have several (`[evaluation] targets`).
#pragma once

#include <optional>
#include <vector>

#include "scenarios/src/report/findings.hpp"
#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// The targets of all folders on the way to those that rank, each once: accuracies before losses, the nearest first.
std::vector<Target> earlier_targets(const std::vector<RunFolder>& folders);

/// Where the nodes' mean of a run first reached a target, whether it is one of its own or not. Nothing: never, or the
/// run diverged.
std::optional<TargetReached> reached_in(const SeedRun& run, const Target& target);

/// One row per algorithm, in the order of the ranking: the times to all these targets and to that which ranks, then
/// the bytes that all nodes had sent by then, means over seeds. No rows without such targets.
FindingsTable target_times(const Ranking& ranking, const std::vector<RunFolder>& folders);

}  // namespace tardigrad
