/// A node's downlink, shared by all messages to it. `DownlinkRule` decides; the downlink carries out what it answers.
/// Under fair sharing the fair switch has applied the rate, and a downlink holds nothing up.
#pragma once

#include <memory>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/record/hop_log.hpp"
#include "netem/link/downlink_rule.hpp"
#include "runtime/actor/passive_actor.hpp"

namespace tardigrad {

class Downlink final : public PassiveActor, public PersistentActor, public Foresight {
 public:
  struct Settings {
    NodeId node = 0;
    RateProfile rate;       ///< the rate of service
    double reported = 0;    ///< bit/s, for the record
    NodeAbsence absence;    ///< messages that arrive while the node is away are dropped
    bool timeline = false;  ///< true if it reports every message to the recorder
  };

  /// `fragments` points to all fragments of the node, each a `Fragment`, which exist before the first message
  /// arrives.
  Downlink(caf::actor_config& config, const Settings& settings, Clock& clock,
           std::shared_ptr<const FragmentActor[]> fragments, RecorderActor recorder);

  void persist(ActorArchive& archive) override;
  // The fragment to which a message is addressed.
  const void* clue(const void* transfer) const override;
  caf::actor_control_block* receiver(const void* place_of_fragment) const override;
  const void* beyond(const caf::abstract_actor& fragment) const override;

 private:
  using Rule = DownlinkRule<TransferPtr, Downlink>;
  friend Rule;

  void receive(const caf::type_erased_tuple& message) override;
  void arrive(const Arriving& arriving);
  void withdraw(const Withdrawn& withdrawn);

  // The effects of the rule.
  void wake(Time at, DownlinkWake why, const TransferPtr& transfer);
  void deliver(const TransferPtr& transfer, Time begin, Time end, Time now);
  void cut(const TransferPtr& transfer, Time begin, Time now);
  void dropped(const TransferPtr& transfer, Time now);

  void report_round(Round round);
  void report_totals();
  /// Releases all other actors.
  void finish();

  NodeId node_;
  double reported_rate_;
  std::shared_ptr<const FragmentActor[]> fragments_;
  RecorderActor recorder_;
  EventSource events_;
  EventSource absence_events_;

  Credit credit_;  ///< of the message that is arriving
  Rule rule_;
  HopLog log_;
  Traffic received_at_last_round_;
  DelayCounts delays_;
};

}  // namespace tardigrad
