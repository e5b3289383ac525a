/// The ranking for readers: sentences beside the headline, and the cells of a table.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// Algorithms that did not reach the target, lost it again or diverged, runs that are partial or unreliable, and
/// reasons why times are not compared.
std::vector<std::string> caveats(const Ranking& ranking);

/// Differences between the algorithms: stragglers, messages given up, waiting, staleness.
std::vector<std::string> observations(const Ranking& ranking);

/// One row per algorithm, in the order of the ranking, under `titles`; the label comes first. A column in
/// which no algorithm has a value is left out. Leaders whose places do not show it are marked with an asterisk.
struct FindingsTable {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
  std::string note;  ///< the population of means and deviations
};

FindingsTable findings_table(const Ranking& ranking);

/// Compares two or three folders that ran the same algorithms, at least two, with and without stragglers for
/// example: one row per algorithm, with each folder's time and bytes to target and final accuracy beside each
/// other. `folders` are those of the ranking. No rows if nothing can be compared.
FindingsTable side_by_side(const Ranking& ranking, const std::vector<RunFolder>& folders);

/// A row's first cell: `name` with remarks on its runs.
std::string row_name(const Ranking& all, const RankedAlgorithm& algorithm, const std::string& name);

}  // namespace tardigrad
