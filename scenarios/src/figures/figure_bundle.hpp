/// Figures within the report's page.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

/// The figures of the page's charts as SVG, and the numbers behind them: a JSON object of files by name, compressed by
/// zlib, in base64. Empty if there are none, or none can be drawn here: a page does without.
std::string figure_bundle(const std::vector<RunFolder>& folders);

}  // namespace tardigrad
