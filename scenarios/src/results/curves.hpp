/// curves.csv: the course of accuracy and loss in all runs of a scenario, one row for each evaluation.
/// Its columns are `curve_columns` of result_columns.hpp.
///
/// Rows of one algorithm and seed are together and in order of time, and are written as they come: the row of
/// the evaluation that has reached a refined target waits for those before it. Without evaluations there is
/// only a header.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "netem/base/units.hpp"
#include "scenarios/src/results/evaluation_point.hpp"
#include "scenarios/src/results/run_folder.hpp"

namespace tardigrad {

/// Visits the rows of `folder`, each with its line end: those of its curves.csv or, if an earlier tardigrad
/// wrote none, or one with other columns, those computed from its runs' other files. A row that was being written when
/// the run stopped is left out. `has_servers`: the columns.
void for_each_curves_row(const std::filesystem::path& folder, const RunFolder& runs, bool has_servers,
                         const std::function<void(const std::string& row)>& take);

}  // namespace tardigrad
