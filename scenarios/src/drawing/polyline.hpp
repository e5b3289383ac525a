/// Lines through many points, with no more of them than can be seen.
#pragma once

#include <vector>

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad {

/// First, last, and those points between that the line without them would miss by more than `tolerance` (Ramer, Douglas
/// and Peucker).
std::vector<Point> simplified(const std::vector<Point>& points, double tolerance);

}  // namespace tardigrad
