/// A graph's edges, split so that no node has two of a part.
#pragma once

#include <vector>

#include "netem/graph/graph.hpp"

namespace tardigrad {

/// Matchings that have each edge once, one more at most than a node has neighbours (Misra and Gries, "A constructive
/// proof of Vizing's theorem", 1992). None is empty. Needs an undirected graph.
std::vector<std::vector<Edge>> matchings_of(const Graph& graph);

}  // namespace tardigrad
