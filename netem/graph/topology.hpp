/// Named graphs for scenarios.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "netem/graph/graph.hpp"
#include "netem/graph/graph_schedule.hpp"

namespace tardigrad {

struct TopologySpec {
  /// One of `topology_kinds()`.
  std::string kind = "complete";
  /// random-regular only
  NodeId degree = 0;
  /// file only: path of an edge list (`read_edge_list`)
  std::string file;
  /// random-regular only: a new graph every round
  bool redraw = false;
  /// spanning-tree only: the graph that it spans
  std::shared_ptr<const TopologySpec> of{};
};

struct TopologyKind {
  std::string name;
  std::string summary;
};

/// The kinds: complete, ring, torus, random-regular, exponential, bipartite, bipartite-exponential, chain,
/// binary-tree, double-binary-trees, spanning-tree, directed-ring, directed-exponential, one-peer-exponential,
/// file.
const std::vector<TopologyKind>& topology_kinds();

/// True if the graph depends on the seed.
bool is_drawn(const TopologySpec& spec);
/// True if the graph changes every round.
bool changes_by_round(const TopologySpec& spec);

/// The graph of a round, or the reason why there is none (odd degree times odd size, a torus of a prime, a bad
/// line of the file...): one clear sentence in `error`, with the file's name and line where it has one.
struct TopologyResult {
  Graph graph;
  std::string error;  ///< empty on success
};
/// A single node is a graph of every kind, without edges. Graphs of every kind are (strongly) connected, except
/// those of `file` and, after round 0, `one-peer-exponential`.
TopologyResult build_topology(const TopologySpec& spec, NodeId size, std::uint64_t seed, Round round = 0);

/// The graphs of all rounds. Needs a specification that `build_topology` accepts.
std::shared_ptr<const GraphSchedule> graph_schedule(const TopologySpec& spec, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
