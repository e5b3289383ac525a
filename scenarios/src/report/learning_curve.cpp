#include "scenarios/src/report/learning_curve.hpp"

#include <algorithm>
#include <map>

namespace tardigrad {

namespace {

FigureOverNodes joined(const Moment& seeds, FigureOverNodes EvaluationPoint::*figure) {
  const auto count = static_cast<double>(seeds.size());
  FigureOverNodes joint;
  joint.min = (seeds.front()->*figure).min;
  joint.max = (seeds.front()->*figure).max;
  for (const EvaluationPoint* point : seeds) {
    const FigureOverNodes& own = point->*figure;
    joint.mean += own.mean / count;
    joint.std += own.std / count;
    joint.min = std::min(joint.min, own.min);
    joint.max = std::max(joint.max, own.max);
    joint.averaged_model += own.averaged_model / count;
  }
  return joint;
}

EvaluationPoint joined(const Moment& seeds) {
  EvaluationPoint joint;
  joint.time_s = seeds.front()->time_s;
  joint.accuracy = joined(seeds, &EvaluationPoint::accuracy);
  joint.loss = joined(seeds, &EvaluationPoint::loss);
  for (const EvaluationPoint* point : seeds) joint.bytes_sent += point->bytes_sent / static_cast<double>(seeds.size());
  return joint;
}

}  // namespace

std::vector<Moment> shared_moments(const std::vector<const SeedRun*>& seeds, std::size_t most_points) {
  std::map<double, Moment> moments;
  for (const SeedRun* seed : seeds) {
    for (const EvaluationPoint& point : seed->evaluations) moments[point.time_s].push_back(&point);
  }
  std::vector<const Moment*> shared;
  for (const auto& [time, moment] : moments) {
    if (moment.size() == seeds.size()) shared.push_back(&moment);
  }
  const std::size_t points = std::min(shared.size(), std::max<std::size_t>(2, most_points));
  std::vector<Moment> chosen;
  for (std::size_t i = 0; i < points; ++i) {
    const std::size_t place = points < 2 ? 0 : i * (shared.size() - 1) / (points - 1);
    chosen.push_back(*shared[place]);
  }
  return chosen;
}

std::vector<EvaluationPoint> learning_curve(const std::vector<const SeedRun*>& seeds, std::size_t most_points) {
  std::vector<EvaluationPoint> curve;
  for (const Moment& moment : shared_moments(seeds, most_points)) curve.push_back(joined(moment));
  return curve;
}

}  // namespace tardigrad
