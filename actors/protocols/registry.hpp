/// The list of all algorithms: a new one is a line of registry.cpp.
#pragma once

#include <string>
#include <vector>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// In the order in which the user sees them.
const std::vector<Algorithm>& algorithms();
/// nullptr if there is no algorithm of that name.
const Algorithm* find_algorithm(const std::string& name);

}  // namespace tardigrad
