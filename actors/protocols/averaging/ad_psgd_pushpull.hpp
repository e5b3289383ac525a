/// "AD-PSGD" as the DivShare comparison runs it (divshare.md, B.3), not the published algorithm
/// (that is `ad-psgd`): half of J whole models are pushed to random peers, each asks for the
/// receiver's latest trained model back, and all that has arrived is averaged uniformly after the
/// next local steps. Nothing is dropped, nobody waits.
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
  void on_trained(Round round, SharedValues trained, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(inbox_, latest_, latest_round_); }

 private:
  NodeId self_;
  NodeId pings_;
  std::shared_ptr<const Graph> graph_;
  std::uint64_t seed_;
  NewestInbox inbox_;
  /// Snapshot after the latest local steps; the initial model before any.
  SharedValues latest_;
  Round latest_round_ = 0;
};

Algorithm ad_psgd_pushpull_algorithm();

}  // namespace tardigrad
