/// Finds a node in a sequence sorted by nodes.
#pragma once

#include <algorithm>
#include <cstddef>

#include "netem/base/units.hpp"

namespace tardigrad {

/// The index of the first element whose `node_of` is not below `node`, which is one of `nodes`. The search
/// begins at the place the node would have if the elements were spread evenly, and goes on in steps that
/// double: if a node has all others, as in a complete graph, that touches a cache line or two, of sequences
/// that are rarely in a cache.
template <class Sequence, class NodeOf>
std::size_t search_by_node(const Sequence& sequence, NodeId node, std::size_t nodes, const NodeOf& node_of) {
  const auto is_below = [&](std::size_t index) { return node_of(sequence[index]) < node; };
  std::size_t low = sequence.size() * node / std::max<std::size_t>(nodes, 1);
  low = std::min(low, sequence.size());
  std::size_t high = low;  // after the loops all elements before `low` are below the node, and none from `high` on
  for (std::size_t step = 1; low > 0 && !is_below(low - 1); step *= 2) {
    high = low - 1;
    low -= std::min(step, low);
  }
  for (std::size_t step = 1; high < sequence.size() && is_below(high); step *= 2) {
    low = high + 1;
    high = std::min(high + step, sequence.size());
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    is_below(middle) ? low = middle + 1 : high = middle;
  }
  return low;
}

}  // namespace tardigrad
