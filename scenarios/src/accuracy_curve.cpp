#include "scenarios/src/accuracy_curve.hpp"

#include <algorithm>
#include <map>

namespace tardigrad {

namespace {

using Moment = std::vector<const EvaluationPoint*>;  ///< one a seed

CurvePoint joined(const Moment& seeds) {
  const auto count = static_cast<double>(seeds.size());
  CurvePoint joint;
  joint.time_s = seeds.front()->time_s;
  joint.min = seeds.front()->min;
  joint.max = seeds.front()->max;
  for (const EvaluationPoint* point : seeds) {
    joint.bytes_sent += point->bytes_sent / count;
    joint.mean += point->mean / count;
    joint.std_over_nodes += point->std / count;
    joint.min = std::min(joint.min, point->min);
    joint.max = std::max(joint.max, point->max);
    joint.averaged_model += point->averaged_model / count;
  }
  return joint;
}

}  // namespace

std::vector<CurvePoint> accuracy_curve(const std::vector<const SeedRun*>& seeds, std::size_t most_points) {
  std::map<double, Moment> moments;
  for (const SeedRun* seed : seeds) {
    for (const EvaluationPoint& point : seed->evaluations) moments[point.time_s].push_back(&point);
  }
  std::vector<const Moment*> shared;
  for (const auto& [time, moment] : moments) {
    if (moment.size() == seeds.size()) shared.push_back(&moment);
  }
  const std::size_t points = std::min(shared.size(), std::max<std::size_t>(2, most_points));
  std::vector<CurvePoint> curve;
  for (std::size_t i = 0; i < points; ++i) {
    const std::size_t place = points < 2 ? 0 : i * (shared.size() - 1) / (points - 1);
    curve.push_back(joined(*shared[place]));
  }
  return curve;
}

}  // namespace tardigrad
