#include "scenarios/src/drawing/look.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace tardigrad {

namespace {

constexpr double kPi = 3.14159265358979323846;
/// Of markers of lines alone.
constexpr double kMarkerStroke = 0.9;

constexpr std::array<std::pair<const char*, Marker>, 8> kNames{{{"circle", Marker::circle},
                                                                {"triangle", Marker::triangle},
                                                                {"rect", Marker::rect},
                                                                {"rectRot", Marker::rect_rot},
                                                                {"crossRot", Marker::cross_rot},
                                                                {"star", Marker::star},
                                                                {"cross", Marker::cross},
                                                                {"rectRounded", Marker::rect_rounded}}};

/// With its first corner above, if it is not turned.
Area polygon(Point at, double radius, int corners, double turn, const Colour& colour) {
  Area area{{}, colour};
  for (int i = 0; i < corners; ++i) {
    const double angle = turn + 2 * kPi * i / corners;
    area.outline.push_back({at.x + radius * std::sin(angle), at.y - radius * std::cos(angle)});
  }
  return area;
}

/// Strokes through the middle at these angles, 0 being upright.
std::vector<Shape> strokes(Point at, double radius, const std::vector<double>& angles, const Colour& colour) {
  std::vector<Shape> lines;
  for (const double angle : angles) {
    const double x = radius * std::sin(angle);
    const double y = radius * std::cos(angle);
    lines.emplace_back(Line{{{at.x - x, at.y - y}, {at.x + x, at.y + y}}, {colour, kMarkerStroke}});
  }
  return lines;
}

}  // namespace

std::optional<Marker> marker_named(const std::string& name) {
  for (const auto& [known, marker] : kNames) {
    if (name == known) return marker;
  }
  return std::nullopt;
}

std::vector<Shape> marker_shapes(Marker marker, Point at, double radius, const Colour& colour) {
  constexpr double eighth = kPi / 4;
  switch (marker) {
    case Marker::circle:
      return {polygon(at, radius, 16, 0, colour)};
    case Marker::triangle:
      return {polygon(at, 1.2 * radius, 3, 0, colour)};
    case Marker::rect:
      return {polygon(at, 1.2 * radius, 4, eighth, colour)};
    case Marker::rect_rot:
      return {polygon(at, 1.2 * radius, 4, 0, colour)};
    case Marker::rect_rounded:
      return {polygon(at, 1.1 * radius, 8, eighth / 2, colour)};
    case Marker::cross_rot:
      return strokes(at, 1.2 * radius, {eighth, -eighth}, colour);
    case Marker::cross:
      return strokes(at, 1.2 * radius, {0, 2 * eighth}, colour);
    case Marker::star:
      break;
  }
  return strokes(at, 1.2 * radius, {0, eighth, 2 * eighth, 3 * eighth}, colour);
}

Stroke stroke_of(const Look& look, double width) {
  Stroke stroke{look.colour, width, look.dashes};
  for (double& length : stroke.dashes) length *= width;
  return stroke;
}

}  // namespace tardigrad
