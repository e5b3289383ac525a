#include "scenarios/src/figures/drawn_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/src/report/learning_curve.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

namespace {

struct DrawnRow {
  const DrawnCurve* curve = nullptr;
  DrawnPoint point;
};

/// As many as a line over half a page has dots.
constexpr std::size_t kMostPoints = 400;
constexpr std::size_t kFewestPoints = 25;
constexpr std::size_t kMostPointsOfAll = 40'000;

double rounds_of_a_node(const SeedRun& run, const EvaluationPoint& point) {
  const auto nodes = static_cast<double>(run.summary.nodes.value_or(run.nodes.size()));
  return nodes > 0 ? static_cast<double>(point.rounds) / nodes : 0;
}

/// The spread of the means over seeds.
void spread_over_seeds(const Moment& moment, FigureOverNodes EvaluationPoint::*figure, DrawnPoint& drawn) {
  drawn.min = drawn.max = (moment.front()->*figure).mean;
  double squares = 0;
  for (const EvaluationPoint* point : moment) {
    const double mean = (point->*figure).mean;
    squares += (mean - drawn.mean) * (mean - drawn.mean);
    drawn.min = std::min(drawn.min, mean);
    drawn.max = std::max(drawn.max, mean);
  }
  drawn.std = std::sqrt(squares / static_cast<double>(moment.size() - 1));
}

DrawnPoint drawn_point(const RankedAlgorithm& s, const Moment& moment, FigureOverNodes EvaluationPoint::*figure) {
  DrawnPoint drawn;
  drawn.time_s = moment.front()->time_s;
  const auto seeds = static_cast<double>(moment.size());
  for (std::size_t i = 0; i < moment.size(); ++i) {
    drawn.bytes += moment[i]->bytes_sent / seeds;
    drawn.rounds += rounds_of_a_node(*s.seeds[i], *moment[i]) / seeds;
    drawn.mean += (moment[i]->*figure).mean / seeds;
  }
  if (moment.size() > 1) {
    spread_over_seeds(moment, figure, drawn);
  } else {
    const FigureOverNodes& nodes = moment.front()->*figure;
    drawn.std = nodes.std;
    drawn.min = nodes.min;
    drawn.max = nodes.max;
  }
  return drawn;
}

Column<DrawnRow> number(const char* name, const char* summary, double DrawnPoint::*value) {
  return {name, summary,
          [=](const DrawnRow& row) { return fmt::format("{:.9g}", without_sign_of_nan(row.point.*value)); }};
}

const Columns<DrawnRow>& drawn_columns() {
  static const Columns<DrawnRow> columns(
      "accuracy.csv, loss.csv", "a point of an algorithm's curve in figures (report --figures)",
      {{"folder", "the run's name", [](const DrawnRow& row) { return csv_text(row.curve->algorithm->folder_label); }},
       {"algorithm", "name", [](const DrawnRow& row) { return csv_text(row.curve->algorithm->runs->name); }},
       {"seeds", "number of seeds",
        [](const DrawnRow& row) { return fmt::format("{}", row.curve->algorithm->seeds.size()); }},
       number("time_s", "time of the evaluation", &DrawnPoint::time_s),
       number("bytes", "sent by all nodes until then, mean over seeds", &DrawnPoint::bytes),
       number("rounds", "finished by a node until then, mean over nodes and seeds", &DrawnPoint::rounds),
       number("mean", "over nodes and seeds: the line", &DrawnPoint::mean),
       number("std", "one standard deviation: the shade to each side of the line", &DrawnPoint::std),
       number("min", "least", &DrawnPoint::min),
       number("max", "greatest", &DrawnPoint::max),
       {"spread_over",
        "what std, min and max are over: seeds (means over nodes; std of the sample), or nodes of the only seed",
        [](const DrawnRow& row) { return row.curve->over == SpreadOver::seeds ? "seeds" : "nodes"; }}});
  return columns;
}

}  // namespace

std::vector<DrawnCurve> drawn_curves(const Ranking& ranking, Figure figure) {
  const auto member = figure == Figure::accuracy ? &EvaluationPoint::accuracy : &EvaluationPoint::loss;
  const std::size_t most =
      std::clamp(kMostPointsOfAll / std::max<std::size_t>(1, ranking.ranked.size()), kFewestPoints, kMostPoints);
  std::vector<DrawnCurve> curves;
  for (const RankedAlgorithm& s : ranking.ranked) {
    DrawnCurve curve{&s, s.seeds.size() > 1 ? SpreadOver::seeds : SpreadOver::nodes, {}};
    for (const Moment& moment : shared_moments(s.seeds, most)) curve.points.push_back(drawn_point(s, moment, member));
    if (!curve.points.empty()) curves.push_back(std::move(curve));
  }
  return curves;
}

std::string curves_csv(const std::vector<DrawnCurve>& curves) {
  std::string csv = drawn_columns().header();
  for (const DrawnCurve& curve : curves) {
    for (const DrawnPoint& point : curve.points) csv += drawn_columns().row({&curve, point});
  }
  return csv;
}

ColumnTexts drawn_curve_columns() { return drawn_columns().texts(); }

}  // namespace tardigrad
