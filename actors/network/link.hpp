/// The directed link from one node to another: passes messages from the sender's uplink to the receiver's downlink.
/// Lives with its sender. `LinkRule` decides; the link carries out what it answers.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/network/link_directory.hpp"
#include "netem/link/link_rule.hpp"
#include "runtime/actor/passive_actor.hpp"

namespace tardigrad {

class Link final : public PassiveActor, public PersistentActor {
 public:
  /// `flow_control`: the room for which messages wait before they set out at the pair's own rate; null if they need
  /// none.
  Link(caf::actor_config& config, NodeId from, NodeId to, const std::shared_ptr<const LinkModel>& model,
       const LinkSettings& settings, UplinkActor uplink, FlowControl* flow_control);
  void persist(ActorArchive& archive) override;
  /// The actor to which it leads, of any type.
  const void* end() const { return control_block(downlink_); }

 private:
  using Rule = LinkRule<TransferPtr, Link>;
  friend Rule;
  /// What only the link of a pair with a rate of its own needs.
  struct OwnRate {
    EventSource events;  ///< of its services
    FlowControl* flow_control;
  };

  void receive(const caf::type_erased_tuple& message) override;
  void drop_unsent(const DropUnsent& order);

  // The effects of the rule.
  void arrive(const TransferPtr& transfer, Time head, Time tail);
  void cut_short(const TransferPtr& transfer, Time unserved, Time at);
  void wake(Time at, LinkWake why, const TransferPtr& transfer);
  void lost(const TransferPtr& transfer, Time now);
  void retransmit(const TransferPtr& transfer, Time at);
  std::optional<ReservedRoom> room_for(const TransferPtr& transfer);
  void transmitted(const TransferPtr& transfer, Time begin, Time now);
  void interrupted(const TransferPtr& transfer, Time begin, Time now);
  void dropped(std::vector<DroppedMessage<TransferPtr>> messages, Time now);

  void report();
  /// Releases all other actors.
  void finish();

  NodeId from_;
  NodeId to_;
  double rate_ = 0;  ///< of its own, at the start of the run
  DownlinkActor downlink_;
  const FarActor* far_downlink_;  ///< null if the downlink lives here
  const Foresight* foresight_;    ///< the downlink, if it passes messages on at once; else null
  EventSource events_;
  Rule rule_;
  std::unique_ptr<OwnRate> own_rate_;  ///< null if it applies none
  UplinkActor uplink_;
  bool tells_losses_;  ///< true if it reports losses to its uplink
  RecorderActor recorder_;
};

}  // namespace tardigrad
