/// How algorithms are drawn. Colours, dashes, markers and the names of axes stand in page/styles.json, which the page,
/// the figures for paper and the Python package share.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "scenarios/src/drawing/look.hpp"
#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// The table in styles.json.
struct StyleTable {
  std::vector<std::string> light, dark;  ///< colours as "#0072b2", as many on a light page as on a dark one
  std::vector<std::vector<double>> dashes;
  std::vector<std::string> markers;
  double shade = 0;     ///< how far a shade covers
  std::size_t few = 0;  ///< so many curves are too many for one chart with shades
  std::map<std::string, std::string> axes, figures;
};

const StyleTable& style_table();

/// The style of an algorithm's line.
struct LineStyle {
  std::size_t colour = 0;
  std::size_t dash = 0;
};

/// By label. An algorithm's colour follows from its name, not from its rank: it is the same in every report of
/// the same algorithms, and in all folders. Dashes distinguish folders, and within a folder algorithms of the
/// same colour.
std::map<std::string, LineStyle> line_styles(const Ranking& all, const std::vector<RunFolder>& folders);

/// On paper. Beyond the palette a colour comes again, with another marker.
Look look_of(const LineStyle& style);

}  // namespace tardigrad
