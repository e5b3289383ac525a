/// Graphs in text files, an edge a line, as NetworkX, KONECT, SNAP, Gephi and spreadsheets write them.
#pragma once

#include <string>
#include <vector>

#include "netem/graph.hpp"

namespace tardigrad {

struct EdgeListResult {
  /// By node; duplicates as they stand in the file.
  std::vector<Edge> edges;
  /// What somebody who knows the file should know: which id is which node, and what is left out. A phrase each.
  std::vector<std::string> notes;
  std::string error;  ///< empty if all is well, else one line
};

/// A line has two ids, between blanks, tabs, commas or semicolons. What follows them (weights, times, NetworkX's
/// attributes in braces), comments (# and %), a first line that names columns (source and target, from and to, ...;
/// else the first two), directions and repeated edges count for nothing. The ids in ascending order are nodes 0, 1, 2,
/// ...: ids may begin at 1, or have gaps. A self loop names its node and is no edge. A Matrix Market file is read, too.
///
/// Mistakes: a file that cannot be opened or is no text, ids that are no whole numbers, more or fewer nodes than
/// `nodes`, an adjacency list, GraphML and other formats, which are named.
EdgeListResult read_edge_list(const std::string& file, NodeId nodes);

}  // namespace tardigrad
