/// The standings as people read them: sentences, and the cells of a table.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/standings.hpp"

namespace tardigrad {

/// The result in one sentence: who was first, when, and how far ahead.
std::string headline(const Standings& standings);

/// Who did not reach the target, which runs are partial, why times are not compared.
std::vector<std::string> caveats(const Standings& standings);

/// What sets the algorithms apart: stragglers, messages given up, waiting, staleness.
std::vector<std::string> observations(const Standings& standings);

/// One row per algorithm, in the order of the standings, under `titles`; the label comes first. A
/// column in which no algorithm has a value is left out.
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

/// "60 %", "64.2 %", of a share in [0, 1].
std::string percent_text(double share);

}  // namespace tardigrad
