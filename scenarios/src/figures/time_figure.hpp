/// The figure of times to the target.
#pragma once

#include "scenarios/src/figures/figure.hpp"
#include "scenarios/src/report/ranking.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

inline constexpr const char* kTimeFigure = "time-to-target";

/// The figure of that name with its data, if any algorithm has reached the target with every seed.
void add_time_figure(const Ranking& ranking, const std::vector<RunFolder>& folders, const FigureStyle& style,
                     PaperFigures& figures);

/// What the columns of time-to-target.csv mean.
ColumnTexts time_figure_columns();

}  // namespace tardigrad
