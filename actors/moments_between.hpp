/// The moments between evaluations at which models can be tested once it is known that something has happened there.
#pragma once

#include <cstddef>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// Into so many equal parts they cut the time from one evaluation to the next.
inline constexpr int kPartsBetween = 10;
/// So many models of a node can be asked for at most.
inline constexpr std::size_t kMostMomentsBetween = kPartsBetween - 1;

/// Between all evaluations, which ascend; ascending. Fewer where two evaluations are only a few ticks apart.
std::vector<Time> moments_between(const std::vector<Time>& evaluations);

/// When nodes are told to test what was between an evaluation, which is over, and the one before: after the first part
/// of the time to the next one, where they have passed none of that yet. With the last evaluation, at once.
Time asking_time(const std::vector<Time>& evaluations, std::size_t place);

/// The shortest time from an evaluation to that; `kNever` if there are no two evaluations.
Time least_asking_delay(const std::vector<Time>& evaluations);

}  // namespace tardigrad
