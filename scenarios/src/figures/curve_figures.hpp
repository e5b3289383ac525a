/// Figures of accuracy and loss over time, bytes and rounds.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/figures/figure.hpp"
#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// "accuracy-over-time", "loss-over-bytes-log" and so on, with accuracy.csv and loss.csv: each over time, bytes sent
/// and rounds, and once more with a logarithmic axis where that spans a factor of ten. Nothing without evaluations,
/// over bytes without traffic, and over rounds if none was counted.
///
/// From `StyleTable::few` curves on there is a panel for each algorithm with the others behind it; for each folder if
/// there are several with fewer algorithms each.
void add_curve_figures(const Ranking& ranking, const std::vector<RunFolder>& folders, const FigureStyle& style,
                       PaperFigures& figures);

/// All names that these figures may have, and their data.
std::vector<std::string> curve_figure_names();
std::vector<std::string> curve_data_names();

}  // namespace tardigrad
