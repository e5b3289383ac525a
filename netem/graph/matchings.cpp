#include "netem/graph/matchings.hpp"

#include <algorithm>
#include <cstddef>

namespace tardigrad {
namespace {

using Colour = std::size_t;

constexpr NodeId kNobody = ~NodeId{0};

/// Gives edges colours, different ones at each node.
class Colouring {
 public:
  Colouring(NodeId nodes, Colour colours) : colours_(colours), mates_(nodes * colours, kNobody) {}

  NodeId mate(NodeId node, Colour colour) const { return mates_[node * colours_ + colour]; }

  void colour_edge(NodeId node, NodeId other) {
    std::vector<NodeId> fan = fan_at(node, other);
    const Colour own = free_at(node);
    const Colour last = free_at(fan.back());
    invert_path(node, own, last);
    // Inverting may have ended the fan earlier: up to the first node at which `last` is free, it is one still.
    std::size_t length = 1;
    while (!is_free(fan[length - 1], last)) ++length;
    fan.resize(length);
    for (std::size_t place = 0; place + 1 < fan.size(); ++place) {
      const Colour moved = colour_of(node, fan[place + 1]);
      clear(node, fan[place + 1], moved);
      set(node, fan[place], moved);
    }
    set(node, fan.back(), last);
  }

 private:
  bool is_free(NodeId node, Colour colour) const { return mate(node, colour) == kNobody; }
  /// There is one, as there are more colours than neighbours.
  Colour free_at(NodeId node) const {
    Colour colour = 0;
    while (!is_free(node, colour)) ++colour;
    return colour;
  }
  Colour colour_of(NodeId node, NodeId other) const {
    Colour colour = 0;
    while (mate(node, colour) != other) ++colour;
    return colour;
  }
  void set(NodeId a, NodeId b, Colour colour) {
    mates_[a * colours_ + colour] = b;
    mates_[b * colours_ + colour] = a;
  }
  void clear(NodeId a, NodeId b, Colour colour) {
    mates_[a * colours_ + colour] = kNobody;
    mates_[b * colours_ + colour] = kNobody;
  }

  /// The longest list of neighbours of `node`, from `first` on, such that the colour of the edge to each is free at the
  /// one before.
  std::vector<NodeId> fan_at(NodeId node, NodeId first) const {
    std::vector<NodeId> fan = {first};
    for (bool grows = true; grows;) {
      grows = false;
      for (Colour colour = 0; colour < colours_ && !grows; ++colour) {
        const NodeId next = mate(node, colour);
        grows = next != kNobody && is_free(fan.back(), colour) && std::find(fan.begin(), fan.end(), next) == fan.end();
        if (grows) fan.push_back(next);
      }
    }
    return fan;
  }

  /// Exchanges the colours of the edges on the path from `node` that has these two in turn. `own` is free at the node.
  void invert_path(NodeId node, Colour own, Colour other) {
    std::vector<NodeId> path = {node};
    for (Colour colour = other;; colour = colour == other ? own : other) {
      const NodeId next = mate(path.back(), colour);
      if (next == kNobody) break;
      path.push_back(next);
    }
    for (std::size_t step = 0; step + 1 < path.size(); ++step) {
      clear(path[step], path[step + 1], step % 2 == 0 ? other : own);
    }
    for (std::size_t step = 0; step + 1 < path.size(); ++step) {
      set(path[step], path[step + 1], step % 2 == 0 ? own : other);
    }
  }

  Colour colours_;
  std::vector<NodeId> mates_;  // by node and colour
};

}  // namespace

std::vector<std::vector<Edge>> matchings_of(const Graph& graph) {
  NodeId most = 0;
  for (NodeId node = 0; node < graph.size(); ++node) most = std::max(most, graph.degree(node));
  const Colour colours = std::size_t{most} + 1;
  Colouring colouring(graph.size(), colours);
  for (NodeId node = 0; node < graph.size(); ++node) {
    for (const NodeId other : graph.neighbours(node)) {
      if (node < other) colouring.colour_edge(node, other);
    }
  }
  std::vector<std::vector<Edge>> matchings;
  for (Colour colour = 0; colour < colours; ++colour) {
    std::vector<Edge> edges;
    for (NodeId node = 0; node < graph.size(); ++node) {
      const NodeId mate = colouring.mate(node, colour);
      if (mate != kNobody && node < mate) edges.emplace_back(node, mate);
    }
    if (!edges.empty()) matchings.push_back(std::move(edges));
  }
  return matchings;
}

}  // namespace tardigrad
