#include "netem/graph/trees.hpp"

#include <utility>
#include <vector>

namespace tardigrad {

bool is_tree(const Graph& graph) {
  return !graph.is_directed() && graph.edge_count() + 1 == graph.size() && is_connected(graph);
}

Graph chain(NodeId size) {
  std::vector<Edge> edges;
  for (NodeId node = 1; node < size; ++node) edges.emplace_back(node - 1, node);
  return Graph::from_edges(size, edges);
}

Graph binary_tree(NodeId size) {
  std::vector<Edge> edges;
  for (NodeId node = 1; node < size; ++node) edges.emplace_back((node - 1) / 2, node);
  return Graph::from_edges(size, edges);
}

std::array<Graph, 2> double_binary_trees(NodeId size) {
  std::vector<Edge> mirrored;
  for (NodeId node = 1; node < size; ++node) mirrored.emplace_back(size - 1 - (node - 1) / 2, size - 1 - node);
  return {binary_tree(size), Graph::from_edges(size, mirrored)};
}

Graph united(const std::array<Graph, 2>& graphs) {
  std::vector<Edge> edges;
  for (const Graph& graph : graphs) {
    for (NodeId node = 0; node < graph.size(); ++node) {
      for (const NodeId neighbour : graph.neighbours(node)) edges.emplace_back(node, neighbour);
    }
  }
  return Graph::from_edges(graphs.front().size(), edges);
}

Graph breadth_first_tree(const Graph& graph) {
  std::vector<bool> seen(graph.size());
  seen[0] = true;
  std::vector<NodeId> order = {0};
  std::vector<Edge> edges;
  for (std::size_t next = 0; order.size() < graph.size(); ++next) {
    const NodeId node = order[next];
    for (NodeId k = 0; k < graph.degree(node); ++k) {
      const NodeId neighbour = graph.neighbour(node, k);
      if (seen[neighbour]) continue;
      seen[neighbour] = true;
      order.push_back(neighbour);
      edges.emplace_back(node, neighbour);
    }
  }
  return Graph::from_edges(graph.size(), edges);
}

}  // namespace tardigrad
