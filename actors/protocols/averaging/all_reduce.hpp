/// Ring all-reduce, the reference for decentralized algorithms: after every round all nodes have the exact
/// mean, and the slowest link sets the pace.
///
/// The model is cut into n chunks, and node i sends to i + 1 only, in 2 (n - 1) steps of d / n values each: in
/// the first n - 1 steps chunks go round and every node adds its own values to the chunk that it passes on
/// (reduce-scatter), in the others the finished sums go round (all-gather). In step s node i sends chunk i - s
/// and receives chunk i - s - 1. Each sum is computed in one order, so that all models are the same bit by bit.
///
///     x_i <- (sum over all j of half_j) / n,   half_j = x_j after local steps
///
/// Every message is needed: a node does not give up waiting.
#pragma once

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/parts/round_inbox.hpp"

namespace tardigrad {

class AllReduce final : public FragmentProtocol {
 public:
  AllReduce(const FragmentInfo& info, NodeId nodes) : info_(info), nodes_(nodes) {}

  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(trained_, sums_, step_, steps_before_, inbox_); }

  /// Values `first` to `last` - 1 of the model.
  struct Chunk {
    std::uint64_t first;
    std::uint64_t last;

    std::uint64_t size() const { return last - first; }
  };
  /// Chunk `number` of as many as there are nodes.
  static Chunk chunk_of(std::uint64_t parameters, NodeId nodes, std::uint64_t number);
  static Round steps_per_round(NodeId nodes) { return 2 * (nodes - 1); }

 private:
  /// The chunk with this node's number less `steps`, modulo n.
  Chunk chunk_back_by(Round steps) const;
  NodeId source() const { return (info_.node + nodes_ - 1) % nodes_; }
  Round steps_per_round() const { return steps_per_round(nodes_); }

  void send_chunk(Actions& actions) const;
  /// Takes as many steps as the arrived messages allow.
  void proceed(Actions& actions);
  void take_chunk(Actions& actions);

  FragmentInfo info_;
  NodeId nodes_;
  SharedValues trained_;  ///< null while local steps are being computed
  Values sums_;
  Round step_ = 0;          ///< within this round
  Round steps_before_ = 0;  ///< in all rounds before; messages carry the total number of their sender's steps
  RoundInbox inbox_;
};

Algorithm all_reduce_algorithm();

}  // namespace tardigrad
