/// What algorithms with servers have in common.
#pragma once

#include <string>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// Nodes send to one server alone, whatever the graph, and wait for its answers: one fragment, in a round a whole model
/// from each node and one to each, in any dense encoding. What an algorithm has otherwise, it sets.
Algorithm server_algorithm(std::string name, std::string summary);

}  // namespace tardigrad
