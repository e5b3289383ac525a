/// What a sweep that tunes decides: which value of the tuned keys suits each algorithm best.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/run/sweep_plan.hpp"

namespace tardigrad {

/// The axes that are tuned, and the others, which distinguish results.
struct SplitAxes {
  std::vector<SweepAxis> tuned;
  std::vector<SweepAxis> others;
};

/// `keys` are to be tuned.
SplitAxes split_axes(const std::vector<SweepAxis>& axes, const std::vector<std::string>& keys);

/// The reason why these keys cannot be tuned with these seeds; empty if they can: each has several values, and a seed
/// on which a value is chosen is not one of those that are reported.
std::string objection_to_tuning(const std::vector<SweepAxis>& axes, const std::vector<std::string>& keys,
                                const std::vector<std::uint64_t>& tuning_seeds,
                                const std::vector<std::uint64_t>& reported_seeds);

/// Points that differ in tuned keys alone.
struct TuningGroup {
  std::string name;                 ///< of its values of the other telling axes; empty: there are no such axes
  std::vector<std::string> values;  ///< these values
  std::vector<std::size_t> points;  ///< ascending, of `sweep_points`
};

/// In the order of `sweep_points`.
std::vector<TuningGroup> tuning_groups(const std::vector<SweepAxis>& axes, const SplitAxes& split);

/// The index of the folder in which the algorithm did best, by the order of the report's ranking: it never diverged,
/// reached the target with more seeds, sooner; or ended with the best figure. Of equals the first by name. Each folder
/// has runs of the algorithm.
std::size_t best_folder(const std::vector<RunFolder>& folders, const std::string& algorithm);

/// "learning_rate=0.1": the point's values of the tuned keys.
std::string tuned_values(const std::vector<SweepAxis>& axes, const SplitAxes& split, std::size_t point);

/// True if one of them is the least or the greatest of numbers that were tried: a better one may lie beyond.
bool is_at_edge(const std::vector<SweepAxis>& axes, const SplitAxes& split, std::size_t point);

}  // namespace tardigrad
