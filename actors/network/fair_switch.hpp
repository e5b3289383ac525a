/// Transmits all messages of a run under `sharing = "fair"`. Which rate each gets depends on all others that
/// pass the same access links, so that one actor sees to them all. `netem::FairNetwork` says when, the clock
/// delivers.
///
/// Rates are computed once an instant, after all that happens in it: where nodes are in step a thousand of them
/// begin their rounds at once, and each changes the shares of the others.
///
/// A transfer costs one clock event and two messages more than its way through a link and a downlink, and
/// what the model costs.
#pragma once

#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "actors/stage_archive.hpp"
#include "netem/emulated_network.hpp"
#include "netem/fair/fair_network.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

/// Where every node's uplink is. Filled in before the first message, never changed after.
using UplinkDirectory = std::shared_ptr<const std::vector<UplinkActor>>;

class FairSwitch final : public FairSwitchActor::base, public PersistentActor {
 public:
  FairSwitch(caf::actor_config& config, const EmulatedNetwork& network, Clock& clock, UplinkDirectory uplinks,
             RecorderActor recorder);

  static constexpr const char* type_name = "fair_switch";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(StageArchive& archive) override;

 private:
  void enter(const Enter& entering);
  void drop_unsent(const DropUnsent& order);
  void open_pair(NodeId from, NodeId to);
  void change_access(NodeId node, bool uplink);
  void change_pair(NodeId from, NodeId to, const RateProfile& rate);
  /// Before something changes at `at`: brings the model there. Uplinks may be heard somewhat out of order under a real
  /// clock.
  void move_to(Time at);
  /// Hands back what is through by now.
  void transmit();
  /// To the recorder, for how long all links have been busy.
  void report_busy_times();
  /// Asks the clock to come back then, if it does not come before.
  void arm(Time next);

  const EmulatedNetwork& network_;
  Clock& clock_;
  UplinkDirectory uplinks_;
  RecorderActor recorder_;
  EventSource events_;

  FairNetwork<TransferPtr> model_;
  std::vector<std::vector<NodeId>> pairs_;  ///< by sender: receivers it has sent to, sorted
  Time now_{};
  Time armed_ = kNever;
};

}  // namespace tardigrad
