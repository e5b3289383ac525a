#include "netem/graph/mixing_weights.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

#include "netem/graph/largest_eigenvalue.hpp"

namespace tardigrad {
namespace {

void give_rest_to_self(MixingRow& row) {
  row.self = 1 - std::accumulate(row.neighbours.begin(), row.neighbours.end(), 0.0);
}

std::vector<MixingRow> empty_rows(const Graph& graph) {
  std::vector<MixingRow> rows(graph.size());
  for (NodeId i = 0; i < graph.size(); ++i) rows[i].neighbours.resize(graph.degree(i));
  return rows;
}

/// Calls visit(node, k, neighbour, index of the node among the neighbour's neighbours).
template <class Visit>
void for_each_arc(const Graph& graph, Visit visit) {
  // Nodes are visited in ascending order, so that they meet a neighbour's list in its own order: a cursor per
  // node replaces every search.
  std::vector<NodeId> cursor(graph.size());
  for (NodeId i = 0; i < graph.size(); ++i) {
    for (NodeId k = 0; k < graph.degree(i); ++k) {
      const NodeId j = graph.neighbour(i, k);
      visit(i, k, j, cursor[j]++);
    }
  }
}

/// The weight that a node proposes to each undecided neighbour: an equal share of what is left.
double proposal(const Graph& graph, NodeId node, const MixingRow& row) {
  double left = 1;
  NodeId undecided = 0;
  for (NodeId k = 0; k < graph.degree(node); ++k) {
    if (graph.degree(graph.neighbour(node, k)) > graph.degree(node)) {
      left -= row.neighbours[k];
    } else {
      ++undecided;
    }
  }
  return left / (undecided + 1.0);
}

/// A node that has taken over weights lowers its own to the smallest proposal among its equals.
double decided_weight(const Graph& graph, NodeId node, const std::vector<double>& proposals) {
  double smallest = proposals[node];
  bool has_larger = false;
  for (NodeId k = 0; k < graph.degree(node); ++k) {
    const NodeId j = graph.neighbour(node, k);
    if (graph.degree(j) > graph.degree(node)) has_larger = true;
    if (graph.degree(j) == graph.degree(node)) smallest = std::min(smallest, proposals[j]);
  }
  return has_larger ? smallest : proposals[node];
}

bool usable(const MixingRow& row) {
  return row.self >= 0 && std::all_of(row.neighbours.begin(), row.neighbours.end(), [](double w) { return w > 0; });
}

}  // namespace

std::vector<MixingRow> metropolis_hastings_weights(const Graph& graph) {
  std::vector<MixingRow> rows = empty_rows(graph);
  for (NodeId i = 0; i < graph.size(); ++i) {
    for (NodeId k = 0; k < graph.degree(i); ++k) {
      rows[i].neighbours[k] = metropolis_hastings_weight(graph, i, graph.neighbour(i, k));
    }
    give_rest_to_self(rows[i]);
  }
  return rows;
}

double mixing_weight(const Graph& graph, NodeId i, NodeId j) {
  return graph.has_weights() ? graph.weight_of(i, j) : metropolis_hastings_weight(graph, i, j);
}

double least_eigenvalue(const Graph& graph) {
  const auto rows = metropolis_hastings_weights(graph);
  const auto rest_of_identity = [&](const std::vector<double>& vector, std::vector<double>& image) {
    for (NodeId node = 0; node < graph.size(); ++node) {
      image[node] = (1 - rows[node].self) * vector[node];
      for (NodeId k = 0; k < graph.degree(node); ++k) {
        image[node] -= rows[node].neighbours[k] * vector[graph.neighbour(node, k)];
      }
    }
  };
  return 1 - largest_eigenvalue(graph.size(), rest_of_identity);
}

std::vector<MixingRow> ccs_weights_as_released(const Graph& graph) {
  std::map<NodeId, std::vector<NodeId>, std::greater<>> nodes_by_degree;
  for (NodeId i = 0; i < graph.size(); ++i) nodes_by_degree[graph.degree(i)].push_back(i);
  std::vector<std::vector<NodeId>> place(graph.size());  // place[i][k]: the index of i among the neighbours of its
                                                         // k-th neighbour
  for_each_arc(graph, [&](NodeId i, NodeId, NodeId, NodeId back) { place[i].push_back(back); });

  std::vector<MixingRow> rows = empty_rows(graph);
  std::vector<double> proposals(graph.size());
  for (const auto& [degree, nodes] : nodes_by_degree) {
    for (const NodeId i : nodes) proposals[i] = proposal(graph, i, rows[i]);
    for (const NodeId i : nodes) {
      const double weight = decided_weight(graph, i, proposals);
      for (NodeId k = 0; k < degree; ++k) {
        const NodeId j = graph.neighbour(i, k);
        if (graph.degree(j) > degree) continue;
        rows[i].neighbours[k] = weight;
        if (graph.degree(j) < degree) rows[j].neighbours[place[i][k]] = weight;  // j takes the weight over
      }
    }
  }
  for (MixingRow& row : rows) give_rest_to_self(row);
  return rows;
}

std::vector<MixingRow> ccs_weights(const Graph& graph) {
  const std::vector<MixingRow> released = ccs_weights_as_released(graph);
  if (!std::all_of(released.begin(), released.end(), usable)) return metropolis_hastings_weights(graph);
  std::vector<MixingRow> rows = empty_rows(graph);
  for_each_arc(graph, [&](NodeId i, NodeId k, NodeId j, NodeId back) {
    rows[i].neighbours[k] = std::min(released[i].neighbours[k], released[j].neighbours[back]);
  });
  for (MixingRow& row : rows) give_rest_to_self(row);
  return rows;
}

}  // namespace tardigrad
