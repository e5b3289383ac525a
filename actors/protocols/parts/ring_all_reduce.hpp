/// Ring all-reduce: the mean of one vector of each node, again and again, over messages from every node to the next.
///
/// The vector is cut into n chunks, and node i sends to i + 1 only, in 2 (n - 1) steps of d / n values each: in the
/// first n - 1 steps chunks go round and every node adds its own values to the chunk that it passes on
/// (reduce-scatter), in the others the finished sums go round (all-gather). In step s node i sends chunk i - s and
/// receives chunk i - s - 1. Each sum is computed in one order, so that all means are the same bit by bit.
///
/// Every message is needed: without one of them nobody gets a mean.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/parts/round_inbox.hpp"

namespace tardigrad {

class RingAllReduce {
 public:
  RingAllReduce(NodeId self, NodeId nodes) : self_(self), nodes_(nodes) {}

  static Round steps(NodeId nodes) { return 2 * (nodes - 1); }
  /// The node whose messages this one needs.
  NodeId source() const { return (self_ + nodes_ - 1) % nodes_; }

  /// Keeps a message until its step; refuses one that no node of the ring sends to this one.
  void put(const ProtocolMessage& message, Actions& actions);
  /// This node's vector of the next mean, of `size` values, or without any where nothing is learned. All nodes begin
  /// as many means of the same sizes, in the same order, each after the end of the one before.
  void begin(Values own, std::uint64_t size, Actions& actions);
  bool is_under_way() const { return is_under_way_; }
  /// Takes as many steps as the arrived messages allow. The mean, once it is complete.
  std::optional<Values> proceed(Actions& actions);

  void persist(StateArchive& archive);

 private:
  /// Values `first` to `last` - 1 of the vector.
  struct Chunk {
    std::uint64_t first;
    std::uint64_t last;
  };

  /// The chunk with this node's number less `steps`, modulo n.
  Chunk chunk_back_by(Round steps) const;
  void send_chunk(Actions& actions) const;
  void take_chunk(Actions& actions);

  NodeId self_;
  NodeId nodes_;
  bool is_under_way_ = false;
  std::uint64_t size_ = 0;  ///< of the vector, also where nothing is learned
  Values sums_;
  Round step_ = 0;          ///< of this mean
  Round steps_before_ = 0;  ///< of all means before; messages carry the total number of their sender's steps
  RoundInbox inbox_;
};

/// The messages by which a node gets one mean of vectors of `size` values.
std::vector<SentMessages> chunks_sent(NodeId node, NodeId nodes, std::uint64_t size);

/// The common part of algorithms that reduce round a ring: one fragment, reliable links from every node to the next,
/// and one mean of all parameters a round.
Algorithm ring_algorithm(std::string name, std::string summary);

}  // namespace tardigrad
