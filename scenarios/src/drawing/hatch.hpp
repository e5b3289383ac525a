/// Hatching: what marks a bar that is no more than a bound.
#pragma once

#include <vector>

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad {

/// A faint box with its outline, and lines from lower left to upper right within it, `apart` from each other along x.
std::vector<Shape> hatched_box(const Box& box, const Colour& colour, double apart);

}  // namespace tardigrad
