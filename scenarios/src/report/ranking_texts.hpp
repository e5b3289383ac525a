/// Texts of an algorithm's figures, the same in sentences and tables.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// "1.71 s", "12.3 s", "1,234 s".
std::string rounded_seconds(double seconds);

/// "60 %", "64.2 %", for a share in [0, 1].
std::string percent_text(double share);

/// "60 % accuracy", "a loss of 0.9", "a perplexity of 7", "2.5 bits a sign".
std::string goal_text(const Target& target);

/// The same within a column's title: "60 %", "loss 0.9".
std::string short_goal_text(const Target& target);

/// "a, b, c, d and 5 more".
std::string some_of(std::vector<std::string> names);

/// "one seed", "3 seeds".
std::string seeds_text(std::size_t seeds);

/// "2 of 3 seeds".
std::string part_of_seeds(std::size_t part, const RankedAlgorithm& algorithm);

/// "12.3 s"; "< 2 s" if the target was reached before the second evaluation with every seed: the time is not
/// known more finely. Needs an algorithm that reached it with some seeds.
std::string time_to_target_text(const RankedAlgorithm& algorithm);

/// In place of a time that not every seed has: "not reached", "reached in 2 of 3 seeds", "diverged", "not
/// finished".
std::string without_time_text(const RankedAlgorithm& algorithm);

/// "2.30", with so many decimal places. A bound is rounded so that it remains one.
std::string times_text(const TimesAsFast& times, int places);

/// "59.8 %" for the final accuracy, and "0.912" for the final loss, which must exist. With more digits if the
/// value would look like a target that it has missed.
std::string accuracy_text(const RankedAlgorithm& algorithm);
std::string loss_text(const RankedAlgorithm& algorithm);

/// The final value of this figure; empty if there is none.
std::string ended_text(const RankedAlgorithm& algorithm, Figure figure);

/// "diverged by 3 s", "diverged in 1 of 3 seeds, first by 3 s". Needs an algorithm that diverged.
std::string divergence_text(const RankedAlgorithm& algorithm);

}  // namespace tardigrad
