/// The curves of a figure: an algorithm's accuracy or loss, mean over seeds, and how far it spreads.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/src/report/ranking.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

/// What a spread is over: seeds where there are several, else the nodes of the only one.
enum class SpreadOver { seeds, nodes };

/// A moment at which every seed has an evaluation.
struct DrawnPoint {
  double time_s = 0;
  double bytes = 0;   ///< sent by all nodes until then; mean over seeds
  double rounds = 0;  ///< finished by a node, mean over nodes and seeds
  double mean = 0;    ///< over nodes and seeds; a loss may not be finite
  double std = 0;     ///< of the seeds' means (of the sample), or over the nodes (the whole population)
  double min = 0;     ///< of the seeds' means, or over the nodes
  double max = 0;
};

struct DrawnCurve {
  const RankedAlgorithm* algorithm = nullptr;
  SpreadOver over = SpreadOver::nodes;
  std::vector<DrawnPoint> points;  ///< in order of time, at least one
};

/// Those of all algorithms that have evaluations, in the order of the ranking. Of a very great number of algorithms
/// fewer moments are taken than a line on paper can show.
std::vector<DrawnCurve> drawn_curves(const Ranking& ranking, Figure figure);

/// accuracy.csv or loss.csv: all points of all curves.
std::string curves_csv(const std::vector<DrawnCurve>& curves);

/// What these columns mean.
ColumnTexts drawn_curve_columns();

}  // namespace tardigrad
