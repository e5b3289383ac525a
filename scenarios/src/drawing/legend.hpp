/// A legend: samples of lines with their labels, in columns.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/drawing/look.hpp"

namespace tardigrad {

struct LegendEntry {
  enum class Sample { curve, plain_line, shade, bound };

  std::string label;
  Look look;
  Sample sample = Sample::curve;
};

/// Shapes from (0, 0), and how high they are; 0 without entries.
struct Legend {
  std::vector<Shape> shapes;
  double height = 0;
};

/// As many columns as have room, filled row by row; labels that are too long for one column of the whole width have
/// several lines.
Legend laid_out(const std::vector<LegendEntry>& entries, Point corner, double width, const TextWidth& width_of);

}  // namespace tardigrad
