/// Accuracy over nodes at one moment, and the time at which it reaches a target.
#pragma once

#include <optional>
#include <vector>

namespace tardigrad {

/// All nodes at one moment. Accuracies are in [0, 1].
struct EvaluationPoint {
  double time_s = 0;
  double mean = 0;
  double std = 0;  ///< over nodes, of the whole population
  double min = 0;
  double max = 0;
  double averaged_model = 0;
  /// By all nodes, in rounds that had ended by then.
  double bytes_sent = 0;
};

/// From the nodes' accuracies, of which there is one at least.
EvaluationPoint evaluation_point(double time_s, const std::vector<double>& accuracies, double averaged_model);

/// When a figure of the evaluations first reaches `target`, interpolated linearly between them.
struct TargetReached {
  double time_s = 0;
  double bytes_sent = 0;  ///< by all nodes until then
};

/// Nothing if it never does.
std::optional<TargetReached> target_reached(const std::vector<EvaluationPoint>& evaluations, double target,
                                            double EvaluationPoint::*figure = &EvaluationPoint::mean);

}  // namespace tardigrad
