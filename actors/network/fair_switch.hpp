/// Transmits all messages of a run under `sharing = "fair"`. The rate of each message depends on all others
/// that pass the same access links, so that one actor transmits them all. `FairNetwork` is the rule; the clock
/// delivers.
///
/// Rates are computed once an instant, after all its events: where nodes are in step a thousand of them begin
/// their rounds at once, and each changes the shares of the others.
///
/// A transfer costs one clock event and two messages more than its way through a link and a downlink, and the
/// computation of the model.
#pragma once

#include <memory>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "netem/emulated_network.hpp"
#include "netem/fair/fair_network.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

/// Every node's uplink. Filled in before the first message, never changed after.
using UplinkDirectory = std::shared_ptr<const std::vector<UplinkActor>>;

class FairSwitch final : public FairSwitchActor::base, public PersistentActor {
 public:
  FairSwitch(caf::actor_config& config, const EmulatedNetwork& network, Clock& clock, UplinkDirectory uplinks,
             RecorderActor recorder);

  static constexpr const char* type_name = "fair_switch";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(ActorArchive& archive) override;

 private:
  void enter(const Enter& entering);
  void drop_unsent(const DropUnsent& order);
  void open_pair(NodeId from, NodeId to);
  void change_access(NodeId node, bool uplink);
  void change_pair(NodeId from, NodeId to, const RateProfile& rate);
  /// Advances the model to `at`, before a change at that time. Under a real clock uplinks may report somewhat
  /// out of order.
  void move_to(Time at);
  /// Returns the messages that are transmitted by now to their uplinks.
  void transmit();
  /// Reports the busy time of all links to the recorder.
  void report_busy_times();
  /// Schedules a wake-up at `next`, unless there is an earlier one.
  void arm(Time next);

  const EmulatedNetwork& network_;
  Clock& clock_;
  UplinkDirectory uplinks_;
  RecorderActor recorder_;
  EventSource events_;

  FairNetwork<TransferPtr> model_;
  std::vector<std::vector<NodeId>> pairs_;  ///< by sender: the receivers it has sent to, sorted
  Time now_{};
  Time armed_ = kNever;
};

}  // namespace tardigrad
