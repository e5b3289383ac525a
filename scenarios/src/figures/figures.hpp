/// All figures of finished runs.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/figures/figure.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

/// May be none: where nothing was measured. The same runs give the same figures.
PaperFigures paper_figures(const std::vector<RunFolder>& folders, const FigureStyle& style);

/// All names that figures may have, and their data.
std::vector<std::string> figure_names();
std::vector<std::string> figure_data_names();

/// What the columns of their data mean.
std::vector<ColumnTexts> figure_columns();

}  // namespace tardigrad
