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
  /// random-regular: of every node. base-k: the most neighbours of a node in a round.
  NodeId degree = 0;
  /// file only: path of an edge list (`read_edge_list`)
  std::string file;
  /// random-regular only: a new graph every round
  bool redraw = false;
  /// spanning-tree: the graph that it spans. matcha: the graph whose edges take turns.
  std::shared_ptr<const TopologySpec> of{};
  /// erdos-renyi only: probability of each edge
  double p = 0;
  /// matcha only: the mean share of its matchings that a round has
  double budget = 0.5;
};

/// A graph, or the reason why there is none (odd degree times odd size, a torus of a prime, a bad line of the file...):
/// one clear sentence in `error`, with the file's name and line where it has one.
struct TopologyResult {
  Graph graph;                   ///< if it changes, the first round's, or the edges of all rounds
  std::string error{};           ///< empty on success
  GraphSchedule::Draw rounds{};  ///< only if it changes: the graph of each round
  Round period = 0;              ///< the rounds repeat after so many; 0: never
  bool has_all_rounds = false;   ///< true if `graph` has the edges of all rounds, of which each has few
};

struct TopologyKind : NamedKind<TopologySpec> {
  /// Makes the graph of two nodes or more.
  TopologyResult (*build)(const TopologySpec& spec, NodeId size, std::uint64_t seed);
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

/// A single node is a graph of every kind, without edges. Graphs of every kind are (strongly) connected, except those
/// of `file`; so is `graph` of those that change, whose rounds may not be.
TopologyResult build_topology(const TopologySpec& spec, NodeId size, std::uint64_t seed);

/// The graphs of all rounds. Needs a specification that `build_topology` accepts.
std::shared_ptr<const GraphSchedule> graph_schedule(const TopologySpec& spec, NodeId size, std::uint64_t seed);

}  // namespace tardigrad
