/// Reads graphs from text files with an edge a line, as NetworkX, KONECT, SNAP, Gephi and spreadsheets write
/// them.
#pragma once

#include <string>
#include <vector>

#include "netem/graph/graph.hpp"

namespace tardigrad {

struct EdgeListResult {
  /// Edges between node numbers; duplicates are kept as in the file.
  std::vector<Edge> edges;
  /// Phrases for the user: how ids became node numbers, and what was left out.
  std::vector<std::string> notes;
  std::string error;  ///< one line; empty on success
};

/// A line has two ids, separated by blanks, tabs, commas or semicolons. Ignored are: what follows the ids
/// (weights, times, NetworkX's attributes in braces), comments (# and %), directions and repeated edges. A
/// first line may name columns: the ids are then in source and target, from and to, ..., or else in the first
/// two columns. The ids in ascending order become nodes 0, 1, 2, ..., so that ids may begin at 1 or have gaps.
/// A self loop names its node and is no edge. A Matrix Market file is read as well.
///
/// Mistakes: a file that cannot be opened or is no text, ids that are no whole numbers, more or fewer nodes
/// than `nodes`, an adjacency list, GraphML and other formats, which the error names.
EdgeListResult read_edge_list(const std::string& file, NodeId nodes);

}  // namespace tardigrad
