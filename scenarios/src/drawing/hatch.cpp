#include "scenarios/src/drawing/hatch.hpp"

#include <algorithm>

namespace tardigrad {

std::vector<Shape> hatched_box(const Box& box, const Colour& colour, double apart) {
  constexpr double shade = 0.15;
  constexpr double stroke = 0.5;
  const std::vector<Point> corners{
      {box.left, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}, {box.left, box.bottom()}};
  std::vector<Shape> shapes{Area{corners, colour.faint(shade)}};
  // A line begins at the lower edge (x, bottom), or left of the box, and rises as far as it goes right.
  for (double x = box.left - box.height + apart; x < box.right(); x += apart) {
    const double from = std::max(x, box.left);
    const double to = std::min(x + box.height, box.right());
    if (from < to) {
      shapes.emplace_back(Line{{{from, box.bottom() - (from - x)}, {to, box.bottom() - (to - x)}}, {colour, stroke}});
    }
  }
  std::vector<Point> outline = corners;
  outline.push_back(corners.front());
  shapes.emplace_back(Line{outline, {colour, stroke}});
  return shapes;
}

}  // namespace tardigrad
