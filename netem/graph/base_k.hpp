/// Rounds of few edges after which all nodes hold their common mean, whatever their number.
#pragma once

#include <vector>

#include "netem/graph/graph.hpp"

namespace tardigrad {

/// The Base-(k+1) Graph (Takezawa, Sato, Bao, Niwa and Yamada, "Beyond Exponential Graph: Communication-Efficient
/// Topologies for Decentralized Learning via Finite-time Convergence", NeurIPS 2023, algorithms 1 to 3) of so many
/// nodes and at most `degree` = k edges a node and round: the product of its rounds' mixing matrices is the mean. No
/// more than 2 log_(k+1)(nodes) + 2 rounds. Needs two nodes or more, and a degree from 1 to nodes - 1.
std::vector<std::vector<WeightedEdge>> base_k_rounds(NodeId nodes, NodeId degree);

}  // namespace tardigrad
