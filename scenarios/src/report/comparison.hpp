/// The comparison of algorithms as rows of numbers and as a table.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

/// Columns that distinguish folders: a row of fields for each folder, in their order.
struct FolderColumns {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> fields;
};

/// One row per algorithm and seed, in order of folder, name and seed. Holds no wall-clock figure: the same runs
/// give the same bytes. A number that is not known or not reached is an empty field; a run that diverged
/// reaches no target. `columns` come first.
std::string comparison_csv(const std::vector<RunFolder>& folders, const FolderColumns& columns = {});

/// The fastest to the target first, notes below. Ends with a line end. `columns`, if there are any, stand
/// beside the algorithm's name. `reserve` is a remark in front of everything. A second table shows two or three
/// folders with the same algorithms side by side.
std::string comparison_table(const std::vector<RunFolder>& folders, bool use_colour, const FolderColumns& columns = {},
                             const std::string& reserve = "");

}  // namespace tardigrad
