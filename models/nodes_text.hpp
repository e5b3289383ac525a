/// Lists and numbers of nodes as text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// "nodes 0 to 3, 7, 9" for nodes in ascending order; "no nodes".
std::string nodes_text(const std::vector<NodeId>& nodes);

/// "1 user is too few for 2 nodes". `noun`: in the singular.
std::string too_few_text(std::size_t number, const char* noun, NodeId nodes);

}  // namespace tardigrad
