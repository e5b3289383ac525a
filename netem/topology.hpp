/// Named graphs that a scenario may ask for.
#pragma once

#include <string>
#include <vector>

#include "netem/graph.hpp"

namespace tardigrad {

struct TopologySpec {
  /// One of `topology_kinds()`.
  std::string kind = "complete";
  /// random-regular only.
  NodeId degree = 0;
  /// file only: path of an edge list, two node numbers a line, '#' starts a comment.
  std::string file;
};

struct TopologyKind {
  std::string name;
  std::string summary;
};

/// complete, ring, torus, random-regular, exponential, bipartite, bipartite-exponential, file.
const std::vector<TopologyKind>& topology_kinds();

/// The graph, or why there is none (odd degree times odd size, a torus of a prime, a bad line of
/// the file...): one clear sentence in `error`, with the file's name and line where it has one.
struct TopologyResult {
  Graph graph;
  std::string error;  ///< empty if all is well
};
/// Every kind but `file` comes out connected; a file's graph is as the file says.
TopologyResult build_topology(const TopologySpec& spec, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
