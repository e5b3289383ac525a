/// The standings as people read them: sentences beside the headline, and the cells of a table.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/report/standings.hpp"

namespace tardigrad {

/// Who did not reach the target or diverged, which runs are partial or cannot be relied on, why times are not compared.
std::vector<std::string> caveats(const Standings& standings);

/// What sets the algorithms apart: stragglers, messages given up, waiting, staleness.
std::vector<std::string> observations(const Standings& standings);

/// One row per algorithm, in the order of the standings, under `titles`; the label comes first. A
/// column in which no algorithm has a value is left out.
/// Marked with an asterisk are those that lead, where their places do not show it.
struct FindingsTable {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
  std::string note;  ///< what the numbers are means and spreads of
};

FindingsTable findings_table(const Standings& standings);

/// Two or three folders that ran the same algorithms, two at least, with and without stragglers for example: one row
/// per algorithm, beside each other what each folder says of time and bytes to target and of final accuracy. `folders`
/// are those of the standings. No rows where there is nothing of the kind to compare.
FindingsTable side_by_side(const Standings& standings, const std::vector<RunFolder>& folders);

/// A row's first cell: `name` with what must be known of its runs.
std::string row_name(const Standings& all, const Standing& standing, const std::string& name);

}  // namespace tardigrad
