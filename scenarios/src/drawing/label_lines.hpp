/// Labels in lines of limited width. Nothing is cut off: labels may differ at their ends alone.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/drawing/drawing.hpp"

namespace tardigrad {

/// The text in lines that are no wider than `widest`, as far as single characters permit: broken behind blanks, commas,
/// slashes and hyphens, and within a part only where that alone is too wide. At least one line.
std::vector<std::string> label_lines(const std::string& label, double size, double widest, const TextWidth& width_of);

}  // namespace tardigrad
