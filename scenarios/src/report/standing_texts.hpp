/// Figures of a standing as sentences and tables write them, the same in both.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/src/report/standings.hpp"

namespace tardigrad {

/// "1.71 s", "12.3 s", "1,234 s".
std::string rounded_seconds(double seconds);

/// "60 %", "64.2 %", of a share in [0, 1].
std::string percent_text(double share);

/// "60 % accuracy", "a loss of 0.9".
std::string goal_text(const Target& target);

/// "a, b, c, d and 5 more".
std::string some_of(std::vector<std::string> names);

/// "one seed", "3 seeds".
std::string seeds_text(std::size_t seeds);

/// "2 of 3 seeds".
std::string part_of_seeds(std::size_t part, const Standing& standing);

/// "12.3 s"; "< 2 s" where the target was reached before the second evaluation with every seed: more is not known of
/// the time. It was reached with some.
std::string time_to_target_text(const Standing& standing);

/// Instead of a time where not every seed has one: "not reached", "reached in 2 of 3 seeds", "diverged", "not
/// finished".
std::string without_time_text(const Standing& standing);

/// "2.30", to so many places. A bound is rounded to what still is one.
std::string times_text(const TimesAsFast& times, int places);

/// "59.8 %", of the final accuracy, and "0.912", of the final loss, which it has. To more places where it would look
/// like a target that it has missed.
std::string accuracy_text(const Standing& standing);
std::string loss_text(const Standing& standing);

/// What it ended with, of this figure; empty if it has none.
std::string ended_text(const Standing& standing, Figure figure);

/// "diverged by 3 s", "diverged in 1 of 3 seeds, first by 3 s". It did.
std::string divergence_text(const Standing& standing);

}  // namespace tardigrad
