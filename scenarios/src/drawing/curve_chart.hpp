/// Curves with shades, in one panel or in several of the same axes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/drawing/axis.hpp"
#include "scenarios/src/drawing/legend.hpp"
#include "scenarios/src/drawing/look.hpp"

namespace tardigrad {

/// In the units of the axes. A value that is not finite is a gap, and so is a place left of a logarithmic axis.
struct CurvePoint {
  double x = 0;
  double y = 0;
  double low = 0;  ///< ends of the shade
  double high = 0;
};

struct Curve {
  Look look;
  std::vector<CurvePoint> points;  ///< in ascending order of x
};

struct Panel {
  std::string title;               ///< above it; may be empty
  std::vector<std::size_t> shown;  ///< of the chart's curves
  bool has_others_behind = false;  ///< the rest in grey, without shades
};

struct CurveChart {
  std::string title;  ///< of the file, not drawn
  Axis x, y;
  std::optional<double> target;  ///< a dashed line
  std::vector<Curve> curves;
  std::vector<Panel> panels;        ///< at least one
  std::vector<LegendEntry> legend;  ///< of curves
  std::vector<LegendEntry> notes;   ///< below it: what else is drawn
  double shade = 0.13;              ///< how far a shade covers
};

/// The look of the target's line, for the legend.
Look target_look();

/// In points. Panels are in as many columns as have room; only those at the left have numbers at the upright axis, only
/// the lowest of each column at the other one.
Drawing laid_out(const CurveChart& chart, double width, const TextWidth& width_of);

}  // namespace tardigrad
