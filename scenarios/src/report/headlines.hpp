/// The winner, in a sentence.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

/// One sentence for each contest: the first, its time and its lead, or those that cannot be distinguished.
std::vector<std::string> headlines(const Ranking& ranking);

}  // namespace tardigrad
