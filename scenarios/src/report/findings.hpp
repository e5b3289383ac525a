/// The standings for readers: sentences beside the headline, and the cells of a table.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/report/standings.hpp"

namespace tardigrad {

/// Algorithms that did not reach the target or diverged, runs that are partial or unreliable, and reasons why
/// times are not compared.
std::vector<std::string> caveats(const Standings& standings);

/// Differences between the algorithms: stragglers, messages given up, waiting, staleness.
std::vector<std::string> observations(const Standings& standings);

/// One row per algorithm, in the order of the standings, under `titles`; the label comes first. A column in
/// which no algorithm has a value is left out. Leaders whose places do not show it are marked with an asterisk.
struct FindingsTable {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
  std::string note;  ///< the population of means and deviations
};

FindingsTable findings_table(const Standings& standings);

/// Compares two or three folders that ran the same algorithms, at least two, with and without stragglers for
/// example: one row per algorithm, with each folder's time and bytes to target and final accuracy beside each
/// other. `folders` are those of the standings. No rows if nothing can be compared.
FindingsTable side_by_side(const Standings& standings, const std::vector<RunFolder>& folders);

/// A row's first cell: `name` with remarks on its runs.
std::string row_name(const Standings& all, const Standing& standing, const std::string& name);

}  // namespace tardigrad
