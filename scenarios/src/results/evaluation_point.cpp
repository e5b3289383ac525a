#include "scenarios/src/results/evaluation_point.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "netem/base/units.hpp"

namespace tardigrad {

namespace {

FigureOverNodes over_nodes(const std::vector<Evaluation>& nodes, double Evaluation::*figure,
                           const Evaluation& averaged_model, const Evaluation& server) {
  const auto count = static_cast<double>(nodes.size());
  FigureOverNodes over;
  over.averaged_model = averaged_model.*figure;
  over.server = server.*figure;
  for (const Evaluation& node : nodes) over.mean += node.*figure / count;
  for (const Evaluation& node : nodes) over.std += (node.*figure - over.mean) * (node.*figure - over.mean) / count;
  over.std = std::sqrt(over.std);
  const auto less = [&](const Evaluation& a, const Evaluation& b) { return a.*figure < b.*figure; };
  const auto [min, max] = std::minmax_element(nodes.begin(), nodes.end(), less);
  over.min = (*min).*figure;
  over.max = (*max).*figure;
  return over;
}

}  // namespace

EvaluationPoint evaluation_point(double time_s, const std::vector<Evaluation>& nodes, const Evaluation& averaged_model,
                                 const std::optional<Evaluation>& server) {
  EvaluationPoint point;
  point.time_s = time_s;
  point.accuracy = over_nodes(nodes, &Evaluation::accuracy, averaged_model, server.value_or(Evaluation()));
  point.loss = over_nodes(nodes, &Evaluation::loss, averaged_model, server.value_or(Evaluation()));
  point.has_server = server.has_value();
  return point;
}

std::optional<TargetReached> target_reached(const std::vector<EvaluationPoint>& evaluations, const Target& target,
                                            double FigureOverNodes::*which) {
  const auto measured = [&](const EvaluationPoint& point) { return figure_of(point, target).*which; };
  const auto reached = std::find_if(evaluations.begin(), evaluations.end(), [&](const EvaluationPoint& point) {
    return target.is_reached_by(measured(point));
  });
  if (reached == evaluations.end()) return std::nullopt;
  if (reached == evaluations.begin())
    return TargetReached{reached->time_s, reached->bytes_sent, 0, reached->round_joules};
  const EvaluationPoint& before = *std::prev(reached);
  // The double nearest to so many ticks, whatever the two times are rounded to.
  const double within_s =
      static_cast<double>((from_seconds(reached->time_s) - from_seconds(before.time_s)).count()) / 1e12;
  // There is no interpolation from a loss that was not finite.
  if (!std::isfinite(measured(before))) {
    return TargetReached{reached->time_s, reached->bytes_sent, within_s, reached->round_joules};
  }
  const double part = (target.bound() - measured(before)) / (measured(*reached) - measured(before));
  return TargetReached{before.time_s + part * (reached->time_s - before.time_s),
                       before.bytes_sent + part * (reached->bytes_sent - before.bytes_sent), within_s,
                       before.round_joules + part * (reached->round_joules - before.round_joules)};
}

}  // namespace tardigrad
