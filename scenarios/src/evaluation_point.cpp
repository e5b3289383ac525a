#include "scenarios/src/evaluation_point.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tardigrad {

EvaluationPoint evaluation_point(double time_s, const std::vector<double>& accuracies, double averaged_model) {
  const auto count = static_cast<double>(accuracies.size());
  EvaluationPoint point;
  point.time_s = time_s;
  point.averaged_model = averaged_model;
  for (const double accuracy : accuracies) point.mean += accuracy / count;
  for (const double accuracy : accuracies) point.std += (accuracy - point.mean) * (accuracy - point.mean) / count;
  point.std = std::sqrt(point.std);
  const auto [min, max] = std::minmax_element(accuracies.begin(), accuracies.end());
  point.min = *min;
  point.max = *max;
  return point;
}

std::optional<TargetReached> target_reached(const std::vector<EvaluationPoint>& evaluations, double target,
                                            double EvaluationPoint::*figure) {
  const auto reached = std::find_if(evaluations.begin(), evaluations.end(),
                                    [&](const EvaluationPoint& point) { return point.*figure >= target; });
  if (reached == evaluations.end()) return std::nullopt;
  if (reached == evaluations.begin()) return TargetReached{reached->time_s, reached->bytes_sent};
  const EvaluationPoint& before = *std::prev(reached);
  const double part = (target - before.*figure) / ((*reached).*figure - before.*figure);
  return TargetReached{before.time_s + part * (reached->time_s - before.time_s),
                       before.bytes_sent + part * (reached->bytes_sent - before.bytes_sent)};
}

}  // namespace tardigrad
