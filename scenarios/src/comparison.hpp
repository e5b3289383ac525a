/// The comparison of algorithms as rows of numbers and as a table to read.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/run_folder.hpp"

namespace tardigrad {

/// One row per algorithm and seed, in order of folder, name and seed. Holds no wall-clock figure:
/// the same runs give the same bytes. A number that is not known or not reached is an empty field.
std::string comparison_csv(const std::vector<RunFolder>& folders);

/// The fastest to the target first, notes below. Ends with a line end.
std::string comparison_table(const std::vector<RunFolder>& folders, bool use_colour);

}  // namespace tardigrad
