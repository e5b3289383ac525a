/// Who won, in a sentence.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/report/standings.hpp"

namespace tardigrad {

/// One for each contest: who was first, when, and how far ahead, or who cannot be told apart.
std::vector<std::string> headlines(const Standings& standings);

}  // namespace tardigrad
