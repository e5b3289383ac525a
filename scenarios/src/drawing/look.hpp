/// How an algorithm is drawn: its colour, dash and marker.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad {

/// Named as Chart.js names them, which draws them on the page.
enum class Marker { circle, triangle, rect, rect_rot, cross_rot, star, cross, rect_rounded };

/// Nothing for an unknown name.
std::optional<Marker> marker_named(const std::string& name);

struct Look {
  Colour colour;
  std::vector<double> dashes{};  ///< lengths on and off in line widths; none: a whole line
  Marker marker = Marker::circle;
};

/// The marker around a point, `radius` to each side.
std::vector<Shape> marker_shapes(Marker marker, Point at, double radius, const Colour& colour);

/// A line of this look.
Stroke stroke_of(const Look& look, double width);

}  // namespace tardigrad
