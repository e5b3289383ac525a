/// An algorithm's accuracy and loss for a chart: seeds joined, no more points than a screen can show.
#pragma once

#include <vector>

#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

/// The evaluations of one moment, one for each seed.
using Moment = std::vector<const EvaluationPoint*>;

/// At most `most_points` of the moments at which every seed has an evaluation, first and last included; in order of
/// time.
std::vector<Moment> shared_moments(const std::vector<const SeedRun*>& seeds, std::size_t most_points);

/// At most `most_points` of the moments at which every seed has an evaluation, first and last included: means
/// over seeds; minimum and maximum are over all nodes and seeds.
std::vector<EvaluationPoint> learning_curve(const std::vector<const SeedRun*>& seeds, std::size_t most_points);

}  // namespace tardigrad
