/// The files of figures for a paper in a folder, which may hold other things.
///
///   NAME.svg, NAME.pdf   each figure
///   accuracy.csv, ...    the numbers behind them
///   captions.txt         what each shows; by it a folder is known as one of figures
#pragma once

#include <filesystem>
#include <string>

#include "scenarios/src/figures/figure.hpp"

namespace tardigrad {

/// The reason why figures may not be written there; empty if they may. Earlier figures are replaced and other files
/// stay, but one with a figure's name is in the way unless captions.txt says that it is an earlier figure. Changes
/// nothing.
std::string objection_to_figures(const std::filesystem::path& folder);

/// Removes earlier figures from the folder, which must exist, and writes these. Returns one line on failure, else an
/// empty text.
std::string write_figures(const PaperFigures& figures, const std::filesystem::path& folder);

}  // namespace tardigrad
