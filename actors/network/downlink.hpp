/// A node's downlink, shared by all messages to it: whole messages, one at a time, first come, first served.
/// `SerialServer` is the rule; the clock delivers. Under fair sharing the fair switch has applied the rate, and
/// a downlink holds nothing up.
#pragma once

#include <memory>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "actors/record/hop_log.hpp"
#include "netem/link/serial_server.hpp"
#include "netem/time/node_absence.hpp"
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
  void receive(const caf::type_erased_tuple& message) override;
  void announce(const Arriving& arriving);
  void take_up(const TakeUp& due);
  void take_up(const TransferPtr& transfer, Time tail, Time now);
  void withdraw(const Withdrawn& withdrawn);
  void serve(Time now);
  void finish_service(const Served& served);
  void deliver(const SerialServer<TransferPtr>::Service& service, Time now);
  void leave(Time now);
  /// Removes the messages that meet the condition and have not been served.
  template <class Condition>
  std::vector<TransferPtr> take_out(Time now, const Condition& condition);
  void drop_for_absence(const TransferPtr& transfer);
  void schedule_leaving(Time now);
  void report_round(Round round);
  void report_totals();
  /// Releases all other actors.
  void finish();

  NodeAbsence absence_;
  std::shared_ptr<const FragmentActor[]> fragments_;
  RecorderActor recorder_;
  EventSource events_;
  EventSource absence_events_;

  Credit credit_;  ///< of the message that is arriving
  SerialServer<TransferPtr> server_;
  std::vector<TransferPtr> announced_;  ///< not taken up yet
  LinkRow total_;
  HopLog log_;
  Traffic received_at_last_round_;
};

}  // namespace tardigrad
