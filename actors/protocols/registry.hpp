/// The list of all algorithms: another one is a line of registry.cpp.
#pragma once

#include <string>
#include <vector>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// In the order in which they are listed to the user.
const std::vector<Algorithm>& algorithms();
/// nullptr if there is none of that name.
const Algorithm* find_algorithm(const std::string& name);

}  // namespace tardigrad
