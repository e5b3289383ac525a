/// Named graphs that a scenario may ask for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "netem/graph.hpp"
#include "netem/graph_schedule.hpp"

namespace tardigrad {

struct TopologySpec {
  /// One of `topology_kinds()`.
  std::string kind = "complete";
  /// random-regular only.
  NodeId degree = 0;
  /// file only: path of an edge list, two node numbers a line, '#' starts a comment.
  std::string file;
  /// random-regular only: another one every round.
  bool redraw = false;
  /// spanning-tree only: of which graph.
  std::shared_ptr<const TopologySpec> of{};
};

struct TopologyKind {
  std::string name;
  std::string summary;
};

/// complete, ring, torus, random-regular, exponential, bipartite, bipartite-exponential, chain, binary-tree,
/// double-binary-trees, spanning-tree, directed-ring, directed-exponential, one-peer-exponential, file.
const std::vector<TopologyKind>& topology_kinds();

/// Whether another seed makes another graph of it.
bool is_drawn(const TopologySpec& spec);
/// Whether the graph is another one every round.
bool changes_by_round(const TopologySpec& spec);

/// The graph of a round, or why there is none (odd degree times odd size, a torus of a prime, a bad line of
/// the file...): one clear sentence in `error`, with the file's name and line where it has one.
struct TopologyResult {
  Graph graph;
  std::string error;  ///< empty if all is well
};
/// One node is a graph of every kind, without edges. Every kind but `file` and, after round 0, `one-peer-exponential`
/// comes out (strongly) connected; a file's graph is as the file says.
TopologyResult build_topology(const TopologySpec& spec, NodeId size, std::uint64_t seed, Round round = 0);

/// The graphs of all rounds. `build_topology` has nothing to say against them.
std::shared_ptr<const GraphSchedule> graph_schedule(const TopologySpec& spec, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
