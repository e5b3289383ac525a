#include "netem/graph/graph.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

/// Breadth-first searches from 64 nodes at once, one bit of a word for each (Then et al., "The more the
/// merrier: efficient multi-source graph traversal", VLDB 2014). Keeps its memory between searches.
class ManySourceSearch {
 public:
  static constexpr NodeId width = 64;

  explicit ManySourceSearch(const Graph& graph)
      : graph_(graph), seen_(graph.size()), frontier_(graph.size()), next_(graph.size()) {}

  /// The greatest distance in hops from one of the nodes first .. first + 63 to any node that it reaches.
  std::uint32_t farthest(NodeId first) {
    std::fill(seen_.begin(), seen_.end(), 0);
    active_.clear();
    for (NodeId node = first; node < graph_.size() && node - first < width; ++node) {
      seen_[node] = frontier_[node] = std::uint64_t{1} << (node - first);
      active_.push_back(node);
    }
    std::uint32_t hops = 0;
    while (advance()) ++hops;
    return hops;
  }

 private:
  /// Advances all searches by one hop; false if none found a new node.
  bool advance() {
    found_.clear();
    for (const NodeId node : active_) {
      for (NodeId k = 0; k < graph_.degree(node); ++k) {
        const NodeId neighbour = graph_.neighbour(node, k);
        const std::uint64_t fresh = frontier_[node] & ~seen_[neighbour];
        if (fresh == 0) continue;
        if (next_[neighbour] == 0) found_.push_back(neighbour);
        next_[neighbour] |= fresh;
      }
    }
    for (const NodeId node : active_) frontier_[node] = 0;
    for (const NodeId node : found_) {
      seen_[node] |= next_[node];
      frontier_[node] = std::exchange(next_[node], 0);
    }
    active_.swap(found_);
    return !active_.empty();
  }

  const Graph& graph_;
  std::vector<std::uint64_t> seen_;      // a bit per search: set if the search has met this node
  std::vector<std::uint64_t> frontier_;  // a bit per search: set if the search met this node in the last hop
  std::vector<std::uint64_t> next_;
  std::vector<NodeId> active_;  // nodes with a frontier
  std::vector<NodeId> found_;
};

/// y = W x for the Metropolis-Hastings matrix W: every edge moves a share of the difference.
void multiply_by_metropolis(const Graph& graph, const std::vector<double>& x, std::vector<double>& y) {
  for (NodeId i = 0; i < graph.size(); ++i) {
    const NodeId degree = graph.degree(i);
    double sum = x[i];
    for (NodeId k = 0; k < degree; ++k) {
      const NodeId j = graph.neighbour(i, k);
      sum += (x[j] - x[i]) / (1.0 + std::max(degree, graph.degree(j)));
    }
    y[i] = sum;
  }
}

/// A symmetric tridiagonal matrix whose eigenvalues lie in [-1, 1].
struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> off_diagonal;  // [k] stands between rows k and k + 1

  /// Counts the negative pivots of the matrix minus `bound` (Sylvester's law of inertia).
  std::size_t eigenvalues_below(double bound) const {
    std::size_t count = 0;
    double pivot = 1;
    for (std::size_t k = 0; k < diagonal.size(); ++k) {
      const double coupling = k == 0 ? 0 : off_diagonal[k - 1] * off_diagonal[k - 1] / pivot;
      pivot = diagonal[k] - bound - coupling;
      if (pivot == 0) pivot = 1e-300;
      if (pivot < 0) ++count;
    }
    return count;
  }

  /// Finds the eigenvalue above exactly `rank` others, by bisection.
  double eigenvalue(std::size_t rank) const {
    double low = -1.5;
    double high = 1.5;
    for (int step = 0; step < 60; ++step) {
      const double middle = low + (high - low) / 2;
      (eigenvalues_below(middle) > rank ? high : low) = middle;
    }
    return high;
  }

  double largest_modulus() const {
    return std::max(std::abs(eigenvalue(0)), std::abs(eigenvalue(diagonal.size() - 1)));
  }
};

double norm(const std::vector<double>& v) { return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0)); }

/// Removes the component along the constant vector, the eigenvector of eigenvalue one.
void deflate(std::vector<double>& v) {
  const double mean = std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  for (double& value : v) value -= mean;
}

/// Compressed rows: the beginning of each node's row, and the targets of all arcs, ascending and without
/// duplicates in each row.
std::pair<std::vector<std::uint64_t>, std::vector<NodeId>> rows_of(NodeId size, const std::vector<Edge>& arcs) {
  std::vector<std::uint64_t> begins(std::size_t{size} + 1);
  for (const auto& [from, to] : arcs) {
    if (from >= size || to >= size || from == to) throw std::invalid_argument("an edge must join two different nodes");
    ++begins[from + std::size_t{1}];
  }
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<NodeId> targets(begins.back());
  std::vector<std::uint64_t> ends(begins.begin(), begins.end() - 1);
  for (const auto& [from, to] : arcs) targets[ends[from]++] = to;

  // Sorts every row, removes its duplicates, and moves the row up behind the previous one.
  std::vector<std::uint64_t> offsets = {0};
  auto kept = targets.begin();
  for (NodeId node = 0; node < size; ++node) {
    const auto begin = targets.begin() + static_cast<std::ptrdiff_t>(begins[node]);
    const auto end = targets.begin() + static_cast<std::ptrdiff_t>(ends[node]);
    std::sort(begin, end);
    kept = std::move(begin, std::unique(begin, end), kept);
    offsets.push_back(static_cast<std::uint64_t>(kept - targets.begin()));
  }
  targets.erase(kept, targets.end());
  targets.shrink_to_fit();
  return {std::move(offsets), std::move(targets)};
}

/// Counts the nodes that `neighbours_of` leads to from node 0.
template <class NeighboursOf>
std::size_t reached_from_first(NodeId size, NeighboursOf neighbours_of) {
  std::vector<bool> seen(size);
  std::vector<NodeId> order = {0};
  seen[0] = true;
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const NodeId neighbour : neighbours_of(order[next])) {
      if (seen[neighbour]) continue;
      seen[neighbour] = true;
      order.push_back(neighbour);
    }
  }
  return order.size();
}

}  // namespace

Graph Graph::complete(NodeId size) {
  Graph graph;
  graph.size_ = size;
  return graph;
}

Graph Graph::undirected(NodeId size, const std::vector<Edge>& edges) {
  std::vector<Edge> both_ways;
  both_ways.reserve(2 * edges.size());
  for (const auto& [a, b] : edges) {
    both_ways.emplace_back(a, b);
    both_ways.emplace_back(b, a);
  }
  Graph graph;
  graph.size_ = size;
  graph.complete_ = false;
  std::tie(graph.offsets_, graph.targets_) = rows_of(size, both_ways);
  return graph;
}

Graph Graph::from_edges(NodeId size, const std::vector<Edge>& edges) {
  Graph graph = undirected(size, edges);
  if (size == 0 || graph.targets_.size() == std::uint64_t{size} * (size - 1)) return complete(size);
  return graph;
}

Graph Graph::from_arcs(NodeId size, const std::vector<Edge>& arcs) {
  std::vector<Edge> reversed;
  reversed.reserve(arcs.size());
  for (const auto& [from, to] : arcs) reversed.emplace_back(to, from);
  Graph graph;
  graph.size_ = size;
  graph.complete_ = false;
  std::tie(graph.offsets_, graph.targets_) = rows_of(size, arcs);
  std::tie(graph.source_offsets_, graph.sources_) = rows_of(size, reversed);
  return graph;
}

Graph Graph::from_weighted_edges(NodeId size, const std::vector<WeightedEdge>& edges) {
  std::vector<Edge> plain;
  plain.reserve(edges.size());
  for (const WeightedEdge& edge : edges) plain.emplace_back(edge.a, edge.b);
  Graph graph = undirected(size, plain);
  if (graph.targets_.size() < 2 * edges.size()) throw std::invalid_argument("an edge has two weights");
  graph.weights_.resize(graph.targets_.size());
  for (const auto& [a, b, weight] : edges) {
    graph.weights_[*graph.place_of(a, b)] = weight;
    graph.weights_[*graph.place_of(b, a)] = weight;
  }
  return graph;
}

NodeId Graph::degree(NodeId node) const {
  if (complete_) return size_ - 1;
  return static_cast<NodeId>(offsets_[node + std::size_t{1}] - offsets_[node]);
}

NodeId Graph::neighbour(NodeId node, NodeId k) const {
  if (complete_) return k < node ? k : k + 1;
  return targets_[offsets_[node] + k];
}

std::vector<NodeId> Graph::neighbours(NodeId node) const {
  std::vector<NodeId> result(degree(node));
  for (NodeId k = 0; k < result.size(); ++k) result[k] = neighbour(node, k);
  return result;
}

std::vector<NodeId> Graph::sources(NodeId node) const {
  if (!is_directed()) return neighbours(node);
  const auto row = sources_.begin();
  return {row + static_cast<std::ptrdiff_t>(source_offsets_[node]),
          row + static_cast<std::ptrdiff_t>(source_offsets_[node + std::size_t{1}])};
}

bool Graph::has_edge(NodeId a, NodeId b) const {
  return complete_ ? a != b && a < size_ && b < size_ : place_of(a, b).has_value();
}

double Graph::weight_of(NodeId a, NodeId b) const {
  const std::optional<std::size_t> place = place_of(a, b);
  return place ? weights_[*place] : 0;
}

std::optional<std::size_t> Graph::place_of(NodeId from, NodeId to) const {
  if (from >= size_) return std::nullopt;
  const auto begin = targets_.begin() + static_cast<std::ptrdiff_t>(offsets_[from]);
  const auto end = targets_.begin() + static_cast<std::ptrdiff_t>(offsets_[from + std::size_t{1}]);
  const auto place = std::lower_bound(begin, end, to);
  if (place == end || *place != to) return std::nullopt;
  return static_cast<std::size_t>(place - targets_.begin());
}

std::uint64_t Graph::edge_count() const {
  if (complete_) return size_ == 0 ? 0 : std::uint64_t{size_} * (size_ - 1) / 2;
  return is_directed() ? targets_.size() : targets_.size() / 2;
}

bool operator==(const Graph& a, const Graph& b) {
  const auto parts = [](const Graph& g) {
    return std::tie(g.size_, g.complete_, g.offsets_, g.targets_, g.weights_, g.source_offsets_);
  };
  return parts(a) == parts(b);
}

bool is_connected(const Graph& graph) {
  if (graph.is_complete()) return true;
  const NodeId size = graph.size();
  if (reached_from_first(size, [&](NodeId node) { return graph.neighbours(node); }) < size) return false;
  return !graph.is_directed() || reached_from_first(size, [&](NodeId node) { return graph.sources(node); }) == size;
}

std::optional<std::vector<std::uint8_t>> bipartition(const Graph& graph) {
  if (graph.is_complete() && graph.size() > 2) return std::nullopt;
  constexpr std::uint8_t unknown = 2;
  std::vector<std::uint8_t> side(graph.size(), unknown);
  std::vector<NodeId> order;
  for (NodeId start = 0; start < graph.size(); ++start) {
    if (side[start] != unknown) continue;
    side[start] = 0;
    order.assign(1, start);
    for (std::size_t next = 0; next < order.size(); ++next) {
      const NodeId node = order[next];
      for (NodeId k = 0; k < graph.degree(node); ++k) {
        const NodeId neighbour = graph.neighbour(node, k);
        if (side[neighbour] == side[node]) return std::nullopt;
        if (side[neighbour] != unknown) continue;
        side[neighbour] = side[node] == 0 ? 1 : 0;
        order.push_back(neighbour);
      }
    }
  }
  return side;
}

std::optional<std::uint32_t> diameter(const Graph& graph) {
  if (graph.is_complete()) return graph.size() > 1 ? 1 : 0;
  if (!is_connected(graph)) return std::nullopt;
  ManySourceSearch search(graph);
  std::uint32_t longest = 0;
  for (NodeId first = 0; first < graph.size(); first += search.width) {
    longest = std::max(longest, search.farthest(first));
  }
  return longest;
}

std::vector<std::optional<std::uint32_t>> hops_from(const Graph& graph, const std::vector<NodeId>& sources) {
  // In the complete graph the search below would look at every edge.
  const bool all_near = graph.is_complete() && !sources.empty();
  std::vector<std::optional<std::uint32_t>> hops(graph.size(),
                                                 all_near ? std::optional<std::uint32_t>(1) : std::nullopt);
  for (const NodeId source : sources) hops[source] = 0;
  if (all_near) return hops;
  std::vector<NodeId> order = sources;
  for (std::size_t next = 0; next < order.size(); ++next) {
    const NodeId node = order[next];
    for (NodeId k = 0; k < graph.degree(node); ++k) {
      const NodeId neighbour = graph.neighbour(node, k);
      if (hops[neighbour]) continue;
      hops[neighbour] = *hops[node] + 1;
      order.push_back(neighbour);
    }
  }
  return hops;
}

// Lanczos iteration without reorthogonalization: rounding may repeat an eigenvalue that has been found, but the
// extreme eigenvalues, which alone matter here, are right.
double spectral_gap(const Graph& graph) {
  if (graph.is_complete()) return 1;
  if (!is_connected(graph)) return 0;
  constexpr std::size_t most_steps = 8192;
  RandomStream stream(0, Purpose::topology);
  std::vector<double> current(graph.size());
  for (double& value : current) value = stream.uniform();
  deflate(current);
  const double scale = norm(current);
  for (double& value : current) value /= scale;
  std::vector<double> previous(graph.size());
  std::vector<double> next(graph.size());

  Tridiagonal projected;
  double modulus = 0;
  for (std::size_t step = 1;; ++step) {
    multiply_by_metropolis(graph, current, next);
    const double alpha = std::inner_product(next.begin(), next.end(), current.begin(), 0.0);
    const double last_beta = step == 1 ? 0 : projected.off_diagonal.back();
    for (NodeId i = 0; i < graph.size(); ++i) next[i] -= alpha * current[i] + last_beta * previous[i];
    deflate(next);
    const double beta = norm(next);
    projected.diagonal.push_back(alpha);

    const bool finished = beta < 1e-12 || step == most_steps;
    if (finished || (step >= 16 && (step & (step - 1)) == 0)) {  // at powers of two
      const double before = modulus;
      modulus = projected.largest_modulus();
      if (finished || std::abs(modulus - before) <= 1e-9 * (1 - modulus)) break;
    }
    projected.off_diagonal.push_back(beta);
    for (double& value : next) value /= beta;
    previous.swap(current);
    current.swap(next);
  }
  return std::clamp(1 - modulus, 0.0, 1.0);
}

}  // namespace tardigrad
