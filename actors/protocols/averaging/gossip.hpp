/// Gossip: asynchronous push gossip, as in gossip learning (Ormándi, Hegedűs, Jelasity: "Gossip learning with
/// linear models on fully distributed data", Concurrency and Computation 25(4), 2013). After its local steps a
/// node sends its model to a few random neighbours and goes on at once. It averages a model in at the moment of
/// its arrival:
///
///     equal:    x_i <- (x_i + x_j) / 2
///     by-age:   x_i <- (a_i x_i + a_j x_j) / (a_i + a_j),   a the local rounds that a node has finished
///
/// Either share of x_j may shrink with the rounds that x_j is behind (`staleness_weight`, f in
/// actors/protocols/parts/staleness_weight.hpp):
///
///     x_i <- x_i + f share_j (x_j - x_i),   share_j = 1/2 or a_j / (a_i + a_j)
///
/// By age only the ratio of the two ages counts: five rounds behind are much at the tenth round and little at the
/// thousandth, and a node ahead counts for more than one half. f goes by the difference, the whole run through, and
/// never above the share. With both, the shares are multiplied.
///
/// Local steps in progress are applied as a change to the model as it stands when they are done. Nobody waits,
/// and a message that does not arrive has no effect.
#pragma once

#include <memory>

#include "actors/protocols/algorithm.hpp"
#include "netem/graph/graph.hpp"

namespace tardigrad {

struct GossipOptions {
  NodeId recipients = 1;
  bool by_age = false;
  double staleness_power = 0;  ///< a of `staleness_weight`
};

class Gossip final : public FragmentProtocol {
 public:
  /// Every node must have at least as many neighbours as there are recipients.
  Gossip(NodeId self, GossipOptions options, std::shared_ptr<const Graph> graph, std::uint64_t seed);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(model_, start_, finished_); }

 private:
  /// The share of a model of so many rounds in the average with the own one, before it is weighted by staleness.
  double share_of(Round age) const;

  NodeId self_;
  GossipOptions options_;
  std::shared_ptr<const Graph> graph_;
  std::uint64_t seed_;

  SharedValues model_;  ///< without local steps in progress
  SharedValues start_;  ///< the model from which the local steps in progress started
  Round finished_ = 0;  ///< local rounds done
};

Algorithm gossip_algorithm();

}  // namespace tardigrad
