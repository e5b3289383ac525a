/// The moments between evaluations at which models can be tested once a target is known to have been reached in
/// between.
#pragma once

#include <cstddef>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// The number of equal parts into which these moments divide the time between two evaluations.
inline constexpr int kPartsBetween = 10;
/// The greatest number of models of a node that can be requested.
inline constexpr std::size_t kMostMomentsBetween = kPartsBetween - 1;

/// The moments between all evaluations, which ascend; ascending. Fewer if two evaluations are only a few ticks
/// apart.
std::vector<Time> moments_between(const std::vector<Time>& evaluations);

/// The time at which nodes are told to test the models between an evaluation, which is over, and the one
/// before: after the first part of the time to the next evaluation, when nodes have kept no model of that time
/// yet. After the last evaluation, at once.
Time asking_time(const std::vector<Time>& evaluations, std::size_t place);

/// The shortest time from an evaluation to `asking_time`; `kNever` if there are no two evaluations.
Time least_asking_delay(const std::vector<Time>& evaluations);

}  // namespace tardigrad
