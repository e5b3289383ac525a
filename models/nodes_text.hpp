/// Lists of nodes as text.
#pragma once

#include <string>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// "nodes 0 to 3, 7, 9" for nodes in ascending order; "no nodes".
std::string nodes_text(const std::vector<NodeId>& nodes);

}  // namespace tardigrad
