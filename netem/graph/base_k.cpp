#include "netem/graph/base_k.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tardigrad {
namespace {

using Nodes = std::vector<NodeId>;
using Rounds = std::vector<std::vector<WeightedEdge>>;

/// The greatest divisor without prime factors above k + 1.
NodeId smooth_part(NodeId number, NodeId k) {
  NodeId divisor = 1;
  for (std::uint64_t factor = 2; factor <= std::uint64_t{k} + 1; ++factor) {
    for (; number % factor == 0; number = static_cast<NodeId>(number / factor)) {
      divisor *= static_cast<NodeId>(factor);
    }
  }
  return divisor;
}

/// Numbers from 2 to k + 1 whose product is `number`, as few as a division by the largest ones yields. Needs a number
/// without greater prime factors.
std::vector<std::uint64_t> small_factors(std::uint64_t number, NodeId k) {
  std::vector<std::uint64_t> factors;
  for (std::uint64_t factor = std::uint64_t{k} + 1; factor >= 2; --factor) {
    for (; number % factor == 0; number /= factor) factors.push_back(factor);
  }
  return factors;
}

Nodes part(const Nodes& nodes, std::size_t begin, std::size_t size) {
  const auto first = nodes.begin() + static_cast<std::ptrdiff_t>(begin);
  return {first, first + static_cast<std::ptrdiff_t>(size)};
}

/// Joins all pairs of these nodes, whose mixing yields their mean.
void add_mean(const Nodes& nodes, std::vector<WeightedEdge>& edges) {
  for (std::size_t a = 0; a < nodes.size(); ++a) {
    for (std::size_t b = a + 1; b < nodes.size(); ++b) {
      edges.push_back({nodes[a], nodes[b], 1 / static_cast<double>(nodes.size())});
    }
  }
}

void add_edges(const std::vector<WeightedEdge>& more, std::vector<WeightedEdge>& edges) {
  edges.insert(edges.end(), more.begin(), more.end());
}

/// The k-peer Hyper-Hypercube Graph: nodes are numbers with one digit for each factor of how many they are, and in
/// every round those average that differ in one digit. Needs prime factors of at most k + 1.
Rounds hyper_hypercube(const Nodes& nodes, NodeId k) {
  Rounds rounds;
  std::size_t stride = 1;
  for (const std::uint64_t factor : small_factors(nodes.size(), k)) {
    std::vector<WeightedEdge> edges;
    for (std::size_t first = 0; first < nodes.size(); ++first) {
      if (first / stride % factor != 0) continue;
      Nodes group;
      for (std::size_t digit = 0; digit < factor; ++digit) group.push_back(nodes[first + digit * stride]);
      add_mean(group, edges);
    }
    rounds.push_back(std::move(edges));
    stride *= factor;
  }
  return rounds;
}

/// Nodes of one digit in the number of all nodes in base k + 1: digit * (k + 1)^power of them, in `digit` groups.
struct Block {
  Nodes nodes;
  std::vector<Nodes> groups;
  Rounds rounds;                     ///< by which the block averages
  std::vector<Rounds> group_rounds;  ///< by which each group does
};

/// In the order of their nodes, the largest first.
std::vector<Block> blocks_of(const Nodes& nodes, NodeId k) {
  const std::size_t base = std::size_t{k} + 1;
  std::size_t power = 1;
  while (power * base <= nodes.size()) power *= base;
  std::vector<Block> blocks;
  for (std::size_t begin = 0; begin < nodes.size(); power /= base) {
    const std::size_t digit = (nodes.size() - begin) / power;
    if (digit == 0) continue;
    Block block{part(nodes, begin, digit * power), {}, {}, {}};
    for (std::size_t group = 0; group < digit; ++group) {
      block.groups.push_back(part(nodes, begin + group * power, power));
      block.group_rounds.push_back(hyper_hypercube(block.groups.back(), k));
    }
    block.rounds = hyper_hypercube(block.nodes, k);
    begin += block.nodes.size();
    blocks.push_back(std::move(block));
  }
  return blocks;
}

/// Every node of later blocks takes over its share from one node of each group, so that the block's groups have the
/// mean of all these blocks, and so have the later ones together. The block's other nodes average among themselves.
void add_exchange(const std::vector<Block>& blocks, std::size_t place, NodeId k, std::vector<WeightedEdge>& edges) {
  const Block& block = blocks[place];
  Nodes later;
  for (std::size_t behind = place + 1; behind < blocks.size(); ++behind) {
    later.insert(later.end(), blocks[behind].nodes.begin(), blocks[behind].nodes.end());
  }
  const auto own = static_cast<double>(block.nodes.size());
  const double share = own / (own + static_cast<double>(later.size())) / static_cast<double>(block.groups.size());
  Nodes others;
  for (const Nodes& group : block.groups) {
    for (std::size_t n = 0; n < group.size(); ++n) {
      if (n < later.size()) {
        edges.push_back({group[n], later[n], share});
      } else {
        others.push_back(group[n]);
      }
    }
  }
  for (std::size_t begin = 0; begin < others.size(); begin += std::size_t{k} + 1) {
    add_mean(part(others, begin, std::min(others.size() - begin, std::size_t{k} + 1)), edges);
  }
}

/// The Simple Base-(k+1) Graph.
Rounds simple_base_k(const Nodes& nodes, NodeId k) {
  const auto size = static_cast<NodeId>(nodes.size());
  if (smooth_part(size, k) == size) return hyper_hypercube(nodes, k);
  const std::vector<Block> blocks = blocks_of(nodes, k);
  Rounds rounds(blocks[0].rounds.size() + 1 + blocks[0].group_rounds[0].size());
  for (std::size_t round = 0; round < rounds.size(); ++round) {
    for (std::size_t place = 0; place < blocks.size(); ++place) {
      const Block& block = blocks[place];
      const std::size_t exchange = blocks[0].rounds.size() + place;  // the round of this block's own
      const bool is_last = place + 1 == blocks.size();
      if (round < blocks[0].rounds.size() || (is_last && round >= exchange)) {
        if (!block.rounds.empty()) add_edges(block.rounds[round % block.rounds.size()], rounds[round]);
      } else if (round == exchange) {
        add_exchange(blocks, place, k, rounds[round]);
      } else if (round > exchange) {
        for (const Rounds& own : block.group_rounds) {
          if (!own.empty()) add_edges(own[(round - exchange - 1) % own.size()], rounds[round]);
        }
      }
    }
  }
  return rounds;
}

/// Adds `more`, whose rounds go on at the same time.
void add_beside(const Rounds& more, std::size_t begin, Rounds& rounds) {
  if (rounds.size() < begin + more.size()) rounds.resize(begin + more.size());
  for (std::size_t round = 0; round < more.size(); ++round) add_edges(more[round], rounds[begin + round]);
}

/// Copies of a simple graph, whose corresponding nodes then average.
Rounds composed(NodeId nodes, NodeId k) {
  const NodeId copies = smooth_part(nodes, k);
  const NodeId size = nodes / copies;
  Rounds rounds;
  for (NodeId copy = 0; copy < copies; ++copy) {
    Nodes own(size);
    for (NodeId place = 0; place < size; ++place) own[place] = copy * size + place;
    add_beside(simple_base_k(own, k), 0, rounds);
  }
  const std::size_t begin = rounds.size();
  for (NodeId place = 0; place < size; ++place) {
    Nodes corresponding(copies);
    for (NodeId copy = 0; copy < copies; ++copy) corresponding[copy] = copy * size + place;
    add_beside(hyper_hypercube(corresponding, k), begin, rounds);
  }
  return rounds;
}

}  // namespace

std::vector<std::vector<WeightedEdge>> base_k_rounds(NodeId nodes, NodeId degree) {
  Nodes all(nodes);
  for (NodeId node = 0; node < nodes; ++node) all[node] = node;
  Rounds simple = simple_base_k(all, degree);
  Rounds other = composed(nodes, degree);
  return simple.size() < other.size() ? simple : other;
}

}  // namespace tardigrad
