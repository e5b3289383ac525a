/// Bars from 0 with whiskers, one below the other. A bound is hatched and has no whiskers, and what has no number has a
/// text in its place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/drawing/axis.hpp"
#include "scenarios/src/drawing/legend.hpp"

namespace tardigrad {

struct Bar {
  std::string label;
  Look look;
  std::optional<double> end;  ///< none: only the text
  bool is_bound = false;      ///< the number is less than `end`, and not known
  double low = 0;             ///< the whiskers' ends; none if they are equal
  double high = 0;
  std::string text;  ///< behind the bar, or in its place
};

struct BarChart {
  std::string title;  ///< of the file, not drawn
  Axis x;             ///< linear, from 0; whiskers are within
  std::vector<Bar> bars;
  std::vector<LegendEntry> legend;
};

/// In points.
Drawing laid_out(const BarChart& chart, double width, const TextWidth& width_of);

}  // namespace tardigrad
