/// An algorithm's accuracy as it is drawn: seeds joined, no more points than a screen can show.
#pragma once

#include <vector>

#include "scenarios/src/run_folder.hpp"

namespace tardigrad {

/// All nodes and seeds at one moment. Accuracies are in [0, 1].
struct CurvePoint {
  double time_s = 0;
  double bytes_sent = 0;      ///< mean over seeds
  double mean = 0;            ///< over nodes, then seeds
  double std_over_nodes = 0;  ///< mean over seeds
  double min = 0;             ///< of any node and seed
  double max = 0;
  double averaged_model = 0;
};

/// Of at most `most_points` of the moments at which every seed has an evaluation, first and last
/// included.
std::vector<CurvePoint> accuracy_curve(const std::vector<const SeedRun*>& seeds, std::size_t most_points);

}  // namespace tardigrad
