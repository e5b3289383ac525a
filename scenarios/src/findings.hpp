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

/// "60 %", "64.2 %", of a share in [0, 1].
std::string percent_text(double share);

}  // namespace tardigrad
