/// What is drawn on a page, without saying by what: lines, areas and texts in points (1/72 inch) from the upper left
/// corner, y downwards. Later shapes cover earlier ones.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tardigrad {

struct Point {
  double x = 0;
  double y = 0;
};

struct Box {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;

  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  double alpha = 1;  ///< 0 is nothing, 1 covers

  /// The same colour, so far transparent.
  Colour faint(double share) const { return {red, green, blue, share}; }
};

struct Stroke {
  Colour colour;
  double width = 1;
  std::vector<double> dashes{};  ///< lengths on and off, in turn; none: a whole line
};

struct Line {
  std::vector<Point> points;  ///< at least two
  Stroke stroke;
};

/// Closed by a line from the last point to the first.
struct Area {
  std::vector<Point> outline;
  Colour fill;
};

enum class Anchor { begin, middle, end };

struct Text {
  Point at;          ///< on the base line
  std::string text;  ///< printable, in UTF-8
  double size = 8;
  Colour colour;
  Anchor anchor = Anchor::begin;  ///< which part of the text is at `at`
  bool is_upright = false;        ///< read from below to above
};

using Shape = std::variant<Area, Line, Text>;

/// Shapes of which only what lies within a box is shown.
struct Layer {
  std::optional<Box> clip;
  std::vector<Shape> shapes;
};

struct Drawing {
  double width = 0;
  double height = 0;
  std::string title;  ///< in the file's description of itself, where the format has one
  std::vector<Layer> layers;
};

/// The width of a text of a size in points, in the font that is used for drawing.
using TextWidth = std::function<double(const std::string& text, double size)>;

}  // namespace tardigrad
