/// Named graphs for scenarios.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "netem/base/kind.hpp"
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
  /// erdos-renyi only: probability of each edge
  double p = 0;
};

/// The graph of a round, or the reason why there is none (odd degree times odd size, a torus of a prime, a bad
/// line of the file...): one clear sentence in `error`, with the file's name and line where it has one.
struct TopologyResult {
  Graph graph;
  std::string error;  ///< empty on success
};

struct TopologyKind : NamedKind<TopologySpec> {
  /// Makes the graph of two nodes or more.
  TopologyResult (*build)(const TopologySpec& spec, NodeId size, std::uint64_t seed, Round round);
  bool is_drawn = false;  ///< the graph depends on the seed
  /// True if these options make another graph every round; without it none do.
  bool (*changes)(const TopologySpec& spec) = nullptr;
  /// More edges than this it hardly has; without it few for its nodes, or they are not stored.
  std::uint64_t (*most_edges)(const TopologySpec& spec, NodeId size) = nullptr;
};

/// In the order in which they are listed to the user.
const std::vector<TopologyKind>& topology_kinds();

/// True if the graph depends on the seed.
bool is_drawn(const TopologySpec& spec);
/// True if the graph changes every round.
bool changes_by_round(const TopologySpec& spec);
/// About as many edges as are stored for such a graph; 0 where they are few for its nodes.
std::uint64_t most_edges(const TopologySpec& spec, NodeId size);

/// A single node is a graph of every kind, without edges. Graphs of every kind are (strongly) connected, except
/// those of `file` and, after round 0, `one-peer-exponential`.
TopologyResult build_topology(const TopologySpec& spec, NodeId size, std::uint64_t seed, Round round = 0);

/// The graphs of all rounds. Needs a specification that `build_topology` accepts.
std::shared_ptr<const GraphSchedule> graph_schedule(const TopologySpec& spec, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
