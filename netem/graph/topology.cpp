#include "netem/graph/topology.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <iomanip>
#include <locale>
#include <mutex>
#include <sstream>
#include <utility>

#include "netem/base/random_stream.hpp"
#include "netem/graph/base_k.hpp"
#include "netem/graph/edge_list.hpp"
#include "netem/graph/matcha.hpp"
#include "netem/graph/trees.hpp"

namespace tardigrad {
namespace {

using std::to_string;

TopologyResult failure(std::string error) { return {Graph(), std::move(error)}; }

TopologyResult success(Graph graph) { return {std::move(graph)}; }

TopologyResult success(NodeId size, const std::vector<Edge>& edges) { return success(Graph::from_edges(size, edges)); }

/// Another graph every round, of which the first stands for all.
TopologyResult changing(GraphSchedule::Draw rounds, Round period) {
  TopologyResult result{rounds(0)};
  result.rounds = std::move(rounds);
  result.period = period;
  return result;
}

std::string count_of_nodes(NodeId size) { return to_string(size) + (size == 1 ? " node" : " nodes"); }

TopologyResult too_few(const std::string& kind, NodeId least, NodeId size) {
  return failure("topology " + kind + " needs at least " + count_of_nodes(least) + ", not " + to_string(size));
}

/// Without trailing zeros.
std::string four_digits(double number) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::setprecision(4) << number;
  return text.str();
}

/// Joins every node to the node `hop` places further on the ring.
void add_hop(std::vector<Edge>& edges, NodeId size, NodeId hop) {
  for (NodeId i = 0; i < size; ++i) {
    edges.emplace_back(i, static_cast<NodeId>((std::uint64_t{i} + hop) % size));
  }
}

TopologyResult complete(NodeId size) {
  if (size < 1) return too_few("complete", 1, size);
  return success(Graph::complete(size));
}

TopologyResult ring(NodeId size) {
  if (size < 2) return too_few("ring", 2, size);
  std::vector<Edge> edges;
  add_hop(edges, size, 1);
  return success(size, edges);
}

/// The shorter side of the most square torus of this size, 0 if there is none.
NodeId torus_rows(NodeId size) {
  NodeId rows = 0;
  for (std::uint64_t a = 3; a * a <= size; ++a) {
    if (size % a == 0) rows = static_cast<NodeId>(a);
  }
  return rows;
}

std::string nearest_torus_sizes(NodeId size) {
  constexpr NodeId least = 9;
  NodeId above = std::max(size + 1, least);
  while (torus_rows(above) == 0) ++above;
  NodeId below = size;
  while (below >= least && torus_rows(below) == 0) --below;
  return below < least ? to_string(above) : to_string(below) + " and " + to_string(above);
}

TopologyResult torus(NodeId size) {
  const NodeId rows = torus_rows(size);
  if (rows == 0) {
    return failure("topology torus of " + count_of_nodes(size) +
                   " is impossible, both sides must be 3 or more (nearest possible: " + nearest_torus_sizes(size) +
                   ")");
  }
  const NodeId columns = size / rows;
  std::vector<Edge> edges;
  for (NodeId row = 0; row < rows; ++row) {
    for (NodeId column = 0; column < columns; ++column) {
      const NodeId node = row * columns + column;
      edges.emplace_back(node, row * columns + (column + 1) % columns);
      edges.emplace_back(node, (row + 1) % rows * columns + column);
    }
  }
  return success(size, edges);
}

TopologyResult exponential(NodeId size) {
  if (size < 2) return too_few("exponential", 2, size);
  std::vector<Edge> edges;
  for (std::uint64_t hop = 1; hop < size; hop *= 2) add_hop(edges, size, static_cast<NodeId>(hop));
  return success(size, edges);
}

TopologyResult bipartite(NodeId size) {
  if (size < 2 || size % 2 != 0) {
    return failure("topology bipartite needs an even number of nodes, not " + to_string(size));
  }
  std::vector<Edge> edges;
  edges.reserve(std::size_t{size} / 2 * (size / 2));
  for (NodeId even = 0; even < size; even += 2) {
    for (NodeId odd = 1; odd < size; odd += 2) edges.emplace_back(even, odd);
  }
  return success(size, edges);
}

// The graph of AD-PSGD (Lian et al., ICML 2018): every hop is odd, so that even nodes are joined to odd nodes
// only.
TopologyResult bipartite_exponential(NodeId size) {
  if (size < 2 || size % 2 != 0) {
    return failure("topology bipartite-exponential needs an even number of nodes, not " + to_string(size));
  }
  std::vector<Edge> edges;
  add_hop(edges, size, 1);
  for (std::uint64_t power = 2; power + 1 <= size / 2; power *= 2) {
    add_hop(edges, size, static_cast<NodeId>(power + 1));
  }
  return success(size, edges);
}

/// A random simple graph in which every node has the same degree: every node's stubs are paired at random (the
/// configuration model), then self loops and double edges are exchanged away.
class Pairing {
 public:
  Pairing(NodeId size, NodeId degree, RandomStream stream)
      : degree_(degree), stream_(stream), adjacent_(std::size_t{size} * degree) {
    std::vector<NodeId> stubs(adjacent_.size());
    for (std::size_t s = 0; s < stubs.size(); ++s) stubs[s] = static_cast<NodeId>(s / degree);
    stream_.shuffle(stubs);
    std::vector<NodeId> filled(size);
    for (std::size_t s = 0; s + 1 < stubs.size(); s += 2) {
      const NodeId a = stubs[s];
      const NodeId b = stubs[s + 1];
      edges_.emplace_back(a, b);
      row(a)[filled[a]++] = b;
      row(b)[filled[b]++] = a;
    }
    for (NodeId node = 0; node < size; ++node) std::sort(row(node), row(node) + degree);
  }

  /// False if it gave up: in a small dense graph the last edges may have no edge to exchange with.
  bool make_simple() {
    constexpr int most_tries = 1000;
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      for (int tries = 0; is_bad(edges_[e]); ++tries) {
        if (tries == most_tries) return false;
        try_exchange(e, stream_.below(edges_.size()), stream_.below(2) == 1);
      }
    }
    return true;
  }

  const std::vector<Edge>& edges() const { return edges_; }

 private:
  NodeId* row(NodeId node) { return adjacent_.data() + std::size_t{node} * degree_; }

  auto multiplicity(NodeId a, NodeId b) {
    const auto [begin, end] = std::equal_range(row(a), row(a) + degree_, b);
    return end - begin;
  }

  bool is_bad(const Edge& edge) { return edge.first == edge.second || multiplicity(edge.first, edge.second) > 1; }

  bool may_join(NodeId a, NodeId b) { return a != b && multiplicity(a, b) == 0; }

  void replace(NodeId node, NodeId before, NodeId after) {
    NodeId* const begin = row(node);
    NodeId* const end = begin + degree_;
    NodeId* const from = std::lower_bound(begin, end, before);
    NodeId* const to = std::lower_bound(begin, end, after);
    *from = after;
    if (from < to) {
      std::rotate(from, from + 1, to);
    } else {
      std::rotate(to, from, from + 1);
    }
  }

  /// Replaces (a, b), (c, d) by (a, c), (b, d) if both are new, which leaves fewer bad edges.
  void try_exchange(std::size_t one, std::size_t other, bool turned) {
    const auto [a, b] = edges_[one];
    auto [c, d] = edges_[other];
    if (turned) std::swap(c, d);
    const bool same_edge_twice = a == b && c == d;
    if (same_edge_twice || !may_join(a, c) || !may_join(b, d)) return;
    replace(a, b, c);
    replace(b, a, d);
    replace(c, d, a);
    replace(d, c, b);
    edges_[one] = {a, c};
    edges_[other] = {b, d};
  }

  NodeId degree_;
  RandomStream stream_;
  std::vector<Edge> edges_;
  std::vector<NodeId> adjacent_;  // `degree_` entries a node, ascending, a double edge twice
};

Graph complement(const Graph& graph) {
  std::vector<Edge> edges;
  for (NodeId a = 0; a < graph.size(); ++a) {
    for (NodeId b = a + 1; b < graph.size(); ++b) {
      if (!graph.has_edge(a, b)) edges.emplace_back(a, b);
    }
  }
  return Graph::from_edges(graph.size(), edges);
}

// The loop ends: a pairing can yield every regular graph, and from degree 3 on nearly all of them are
// connected.
Graph connected_regular(NodeId size, NodeId degree, std::uint64_t seed, Round round) {
  // Pairing is quick for sparse graphs. A dense graph is the complement of a sparse one, and is connected: more
  // than half of the nodes are in any node's component.
  const bool dense = degree > (size - 1) / 2;
  for (std::uint64_t attempt = 0;; ++attempt) {
    Pairing pairing(size, dense ? size - 1 - degree : degree, RandomStream(seed, Purpose::topology, round, attempt));
    if (!pairing.make_simple()) continue;
    Graph graph = Graph::from_edges(size, pairing.edges());
    if (dense) return complement(graph);
    if (is_connected(graph)) return graph;
  }
}

/// G(n, p) (Erdős and Rényi; Gilbert 1959): each pair of nodes is joined with probability p, independently. The next
/// edge in the order of pairs is a geometric number of pairs further on (Batagelj and Brandes 2005): the work goes with
/// the edges, not with the pairs.
Graph independent_edges(NodeId size, double p, RandomStream stream) {
  const double log_of_none = std::log1p(-p);
  std::vector<Edge> edges;
  double column = -1;
  for (NodeId row = 1; row < size;) {
    column += 1 + std::floor(std::log1p(-stream.uniform()) / log_of_none);
    while (row < size && column >= row) column -= row++;
    if (row < size) edges.emplace_back(row, static_cast<NodeId>(column));
  }
  return Graph::from_edges(size, edges);
}

TopologyResult erdos_renyi(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  constexpr std::uint64_t kMostDraws = 1000;
  constexpr double kMostWork = 3e6;  // nodes and edges of all draws: a second
  if (size < 2) return too_few(spec.kind, 2, size);
  if (!(spec.p > 0 && spec.p <= 1)) return failure("topology erdos-renyi needs a probability p above 0 and at most 1");
  if (spec.p == 1) return success(Graph::complete(size));
  double work = 0;
  std::uint64_t draws = 0;
  for (; draws < kMostDraws && work < kMostWork; ++draws) {
    Graph graph = independent_edges(size, spec.p, RandomStream(seed, Purpose::topology, 0, draws));
    if (is_connected(graph)) return success(std::move(graph));
    work += static_cast<double>(graph.size()) + static_cast<double>(graph.edge_count());
  }
  const double threshold = std::log(static_cast<double>(size)) / size;
  return failure("topology erdos-renyi: none of " + to_string(draws) + " draws of " + count_of_nodes(size) +
                 " is connected; expected a larger p (from about ln n / n = " + four_digits(threshold) +
                 " on they often are)");
}

/// The connected graphs of degree 2 are the rings; a pairing of many nodes is hardly ever a single ring.
Graph shuffled_ring(NodeId size, std::uint64_t seed, Round round) {
  std::vector<NodeId> order(size);
  for (NodeId i = 0; i < size; ++i) order[i] = i;
  RandomStream(seed, Purpose::topology, round).shuffle(order);
  std::vector<Edge> edges;
  for (NodeId i = 0; i < size; ++i) edges.emplace_back(order[i], order[(i + 1) % size]);
  return Graph::from_edges(size, edges);
}

TopologyResult random_regular(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  const NodeId degree = spec.degree;
  if (size < 2) return too_few("random-regular", 2, size);
  if (degree >= size) {
    return failure("topology random-regular of degree " + to_string(degree) + " is impossible for " +
                   count_of_nodes(size) + ": expected at most " + to_string(size - 1));
  }
  if (degree + 1 == size) return success(Graph::complete(size));
  if (degree < 2) {
    return failure("topology random-regular of " + count_of_nodes(size) +
                   " needs a degree of at least 2 to be connected, not " + to_string(degree));
  }
  if (size % 2 != 0 && degree % 2 != 0) {
    return failure("topology random-regular of " + count_of_nodes(size) + " needs an even degree, not " +
                   to_string(degree));
  }
  const auto drawn = [=](Round round) {
    return degree == 2 ? shuffled_ring(size, seed, round) : connected_regular(size, degree, seed, round);
  };
  return spec.redraw ? changing(drawn, 0) : success(drawn(0));
}

TopologyResult chain_of(NodeId size) {
  if (size < 2) return too_few("chain", 2, size);
  return success(chain(size));
}

TopologyResult binary_tree_of(NodeId size) {
  if (size < 2) return too_few("binary-tree", 2, size);
  return success(binary_tree(size));
}

TopologyResult double_binary_trees_of(NodeId size) {
  if (size < 2) return too_few("double-binary-trees", 2, size);
  return success(united(double_binary_trees(size)));
}

/// The graph that a topology is made of: one that stays the same, and whose edges go both ways.
TopologyResult graph_of(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  const TopologySpec* of = spec.of.get();
  if (!of) return failure("topology " + spec.kind + " needs to know of which graph");
  if (changes_by_round(*of)) {
    return failure("topology " + spec.kind + " needs a graph that stays the same, but " + of->kind +
                   " is another one every round");
  }
  TopologyResult whole = build_topology(*of, size, seed);
  if (!whole.error.empty()) return whole;
  if (whole.graph.is_directed()) {
    return failure("topology " + spec.kind + " needs edges that go both ways, those of " + of->kind + " do not");
  }
  if (!is_connected(whole.graph)) return failure("topology " + spec.kind + ": the graph is not connected");
  return whole;
}

TopologyResult spanning_tree(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  TopologyResult whole = graph_of(spec, size, seed);
  return whole.error.empty() ? success(breadth_first_tree(whole.graph)) : whole;
}

/// 1, 2, 4, 8, ... below the number of nodes.
std::vector<NodeId> exponential_hops(NodeId size) {
  std::vector<NodeId> hops;
  for (std::uint64_t hop = 1; hop < size; hop *= 2) hops.push_back(static_cast<NodeId>(hop));
  return hops;
}

/// Every node sends to those that are so many places further on the ring.
TopologyResult directed(const std::string& kind, NodeId size, const std::vector<NodeId>& hops) {
  if (size < 2) return too_few(kind, 2, size);
  std::vector<Edge> arcs;
  for (const NodeId hop : hops) add_hop(arcs, size, hop);
  return success(Graph::from_arcs(size, arcs));
}

TopologyResult directed_ring(const TopologySpec& spec, NodeId size, std::uint64_t) {
  return directed(spec.kind, size, {1});
}

TopologyResult directed_exponential(const TopologySpec& spec, NodeId size, std::uint64_t) {
  return directed(spec.kind, size, exponential_hops(size));
}

TopologyResult one_peer_exponential(const TopologySpec& spec, NodeId size, std::uint64_t) {
  const std::vector<NodeId> hops = exponential_hops(size);
  if (hops.empty()) return too_few(spec.kind, 2, size);
  return changing([=](Round round) { return directed(spec.kind, size, {hops[round % hops.size()]}).graph; },
                  hops.size());
}

TopologyResult base_k(const TopologySpec& spec, NodeId size, std::uint64_t) {
  if (size < 2) return too_few(spec.kind, 2, size);
  if (spec.degree < 1) return failure("topology base-k needs a degree of at least 1");
  const NodeId degree = std::min<NodeId>(spec.degree, size - 1);
  std::vector<Edge> all;
  const auto rounds = std::make_shared<std::vector<Graph>>();
  for (const std::vector<WeightedEdge>& edges : base_k_rounds(size, degree)) {
    for (const WeightedEdge& edge : edges) all.emplace_back(edge.a, edge.b);
    rounds->push_back(Graph::from_weighted_edges(size, edges));
  }
  TopologyResult result = success(size, all);
  result.rounds = [rounds](Round round) { return (*rounds)[round % rounds->size()]; };
  result.period = rounds->size();
  result.has_all_rounds = true;
  return result;
}

/// The plans that were asked for last: the same graph is built for a check, for every algorithm on it and at every
/// host.
std::shared_ptr<const MatchaPlan> plan_for(const Graph& graph, double budget) {
  struct Known {
    Graph graph;
    double budget;
    std::shared_ptr<const MatchaPlan> plan;
  };
  constexpr std::size_t kMostKnown = 8;
  static std::mutex mutex;
  static std::deque<Known> known;
  const std::lock_guard lock(mutex);
  for (const Known& other : known) {
    if (other.budget == budget && other.graph == graph) return other.plan;
  }
  known.push_front({graph, budget, std::make_shared<const MatchaPlan>(matcha_plan(graph, budget))});
  if (known.size() > kMostKnown) known.pop_back();
  return known.front().plan;
}

TopologyResult matcha(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  TopologyResult base = graph_of(spec, size, seed);
  if (!base.error.empty()) return base;
  if (size > kMostMatchaNodes) {
    return failure("topology matcha of " + count_of_nodes(size) + ": expected at most " + to_string(kMostMatchaNodes) +
                   ", as its probabilities are found by dense algebra");
  }
  if (!(spec.budget > 0 && spec.budget <= 1)) {
    return failure("topology matcha needs a budget above 0 and at most 1");
  }
  const auto plan = plan_for(base.graph, spec.budget);
  TopologyResult result = success(std::move(base.graph));
  result.rounds = [=](Round round) { return matcha_round(*plan, size, seed, round); };
  result.has_all_rounds = true;
  return result;
}

TopologyResult from_file(const TopologySpec& spec, NodeId size, std::uint64_t) {
  if (spec.file.empty()) return failure("topology file needs the path of an edge list");
  if (size < 2) return too_few("file", 2, size);
  EdgeListResult list = read_edge_list(spec.file, size);
  if (!list.error.empty()) return failure(std::move(list.error));
  return success(size, list.edges);
}

/// A graph that depends on nothing but its number of nodes.
template <TopologyResult (*build)(NodeId size)>
TopologyResult of_size(const TopologySpec&, NodeId size, std::uint64_t) {
  return build(size);
}

std::string unknown_kind(const std::string& kind) {
  std::string names;
  for (const TopologyKind& known : topology_kinds()) names += (names.empty() ? "" : ", ") + known.name;
  return "unknown topology \"" + kind + "\": expected one of " + names;
}

}  // namespace

const std::vector<TopologyKind>& topology_kinds() {
  using Option = KindOption<TopologySpec>;
  static const std::vector<TopologyKind> kinds = {
      {{"complete", "everyone is everyone's neighbour"}, of_size<complete>},
      {{"ring", "node i next to i + 1"}, of_size<ring>},
      {{"torus", "the most square grid, its opposite sides joined"}, of_size<torus>},
      {{"random-regular",
        "random, connected, the same degree everywhere",
        {Option("degree", &TopologySpec::degree, "neighbours of each node")
             .within(1, kMostNodes)
             .required("{ kind = \"random-regular\", degree = 4 }"),
         Option("redraw", &TopologySpec::redraw, "another graph every round").brief()}},
       random_regular,
       true,
       [](const TopologySpec& spec) { return spec.redraw; },
       [](const TopologySpec& spec, NodeId size) { return std::uint64_t{size} * spec.degree / 2; }},
      {{"erdos-renyi",
        "every pair of nodes joined at random, drawn again until the graph is connected",
        {Option("p", &TopologySpec::p, "probability of each edge")
             .above(0, 1)
             .required("{ kind = \"erdos-renyi\", p = 0.1 }")}},
       erdos_renyi,
       true,
       nullptr,
       [](const TopologySpec& spec, NodeId size) {
         return static_cast<std::uint64_t>(spec.p * size * (size - 1.0) / 2);
       }},
      {{"exponential", "neighbours 1, 2, 4, 8, ... places away"}, of_size<exponential>},
      {{"bipartite", "every even node joined to every odd node"},
       of_size<bipartite>,
       false,
       nullptr,
       [](const TopologySpec&, NodeId size) { return std::uint64_t{size} * size / 4; }},
      {{"bipartite-exponential", "neighbours 1, 3, 5, 9, 17, ... places away (AD-PSGD)"},
       of_size<bipartite_exponential>},
      {{"chain", "a ring that is open between the last node and the first"}, of_size<chain_of>},
      {{"binary-tree", "node i above 2 i + 1 and 2 i + 2"}, of_size<binary_tree_of>},
      {{"double-binary-trees", "a binary tree and its mirror image: inner nodes of one are leaves of the other"},
       of_size<double_binary_trees_of>},
      {{"spanning-tree",
        "the breadth-first tree from node 0 of another graph",
        {Option("of", &TopologySpec::of, "the graph that it spans, a topology like any other")
             .required("{ kind = \"spanning-tree\", of = \"torus\" }")}},
       spanning_tree},
      {{"directed-ring", "node i sends to i + 1"}, directed_ring},
      {{"directed-exponential", "node i sends to i + 1, i + 2, i + 4, i + 8, ..."}, directed_exponential},
      {{"one-peer-exponential",
        "node i sends to i + 1, in the next round to i + 2, then i + 4, ... and from the start"},
       one_peer_exponential,
       false,
       [](const TopologySpec&) { return true; }},
      {{"base-k",
        "few edges a round, weighted so that after some rounds all hold the mean, for any number of nodes",
        {Option("degree", &TopologySpec::degree, "the most neighbours of a node in a round (k of the Base-(k+1) Graph)")
             .within(1, kMostNodes)
             .required("{ kind = \"base-k\", degree = 1 }")}},
       base_k,
       false,
       [](const TopologySpec&) { return true; },
       [](const TopologySpec& spec, NodeId size) { return std::uint64_t{size} * std::min(spec.degree, size); }},
      {{"matcha",
        "matchings of another graph, drawn every round: those more often that join it best",
        {Option("of", &TopologySpec::of, "the graph whose edges take turns, a topology like any other")
             .required("{ kind = \"matcha\", of = \"torus\" }"),
         Option("budget", &TopologySpec::budget, "the mean share of the matchings that a round has").above(0, 1)}},
       matcha,
       true,
       [](const TopologySpec&) { return true; }},
      {{"file",
        "an edge list, two node numbers a line, as NetworkX, KONECT or SNAP write it",
        {Option("path", &TopologySpec::file, "the edge list")
             .path()
             .required("{ kind = \"file\", path = \"edges.txt\" }")}},
       from_file},
  };
  return kinds;
}

bool is_drawn(const TopologySpec& spec) {
  const TopologyKind* kind = find_kind(topology_kinds(), spec);
  return (kind && kind->is_drawn) || (spec.of && is_drawn(*spec.of));
}

bool changes_by_round(const TopologySpec& spec) {
  const TopologyKind* kind = find_kind(topology_kinds(), spec);
  return kind && kind->changes && kind->changes(spec);
}

std::uint64_t most_edges(const TopologySpec& spec, NodeId size) {
  if (spec.of) return most_edges(*spec.of, size);
  const TopologyKind* kind = find_kind(topology_kinds(), spec);
  return kind && kind->most_edges ? kind->most_edges(spec, size) : 0;
}

TopologyResult build_topology(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  const TopologyKind* kind = find_kind(topology_kinds(), spec);
  if (!kind) return failure(unknown_kind(spec.kind));
  return size == 1 ? success(Graph::complete(1)) : kind->build(spec, size, seed);
}

std::shared_ptr<const GraphSchedule> graph_schedule(const TopologySpec& spec, NodeId size, std::uint64_t seed) {
  TopologyResult built = build_topology(spec, size, seed);
  return built.rounds ? std::make_shared<const GraphSchedule>(std::move(built.rounds))
                      : std::make_shared<const GraphSchedule>(std::move(built.graph));
}

}  // namespace tardigrad
