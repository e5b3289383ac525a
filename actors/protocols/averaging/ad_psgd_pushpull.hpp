/// "AD-PSGD" in the DivShare comparison, not the published algorithm (which is `ad-psgd`). After its local
/// steps a node sends its whole model to floor(J / 2) random peers, which answer with their latest trained
/// model; then it averages uniformly over its own model and the latest of each sender since its last averaging:
///
///     x <- (x + sum over senders s of v_s) / (1 + senders)
///
/// Nothing is dropped, nobody waits.
#pragma once

#include <memory>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/parts/newest_inbox.hpp"
#include "netem/graph/graph.hpp"

namespace tardigrad {

class AdPsgdPushPull final : public FragmentProtocol {
 public:
  enum MessageKind : std::uint8_t { ping, pong };

  /// `recipients` is J: floor(J / 2) pings a round, to neighbours drawn with replacement.
  AdPsgdPushPull(NodeId self, NodeId recipients, std::shared_ptr<const Graph> graph, std::uint64_t seed);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(inbox_, latest_, latest_round_); }

 private:
  NodeId self_;
  NodeId pings_;
  std::shared_ptr<const Graph> graph_;
  std::uint64_t seed_;
  NewestInbox inbox_;
  /// The model after the latest local steps; the initial model before any.
  SharedValues latest_;
  Round latest_round_ = 0;
};

Algorithm ad_psgd_pushpull_algorithm();

}  // namespace tardigrad
