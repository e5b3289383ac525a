/// A node's way out of the network, shared by all that is sent to it: whole messages, one at a time, first
/// come, first served. `netem::SerialServer` says when, the clock delivers. Where links are shared fairly
/// the fair switch has seen to the rate, and a downlink has none that holds anything up.
#pragma once

#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "actors/record/hop_log.hpp"
#include "actors/stage_archive.hpp"
#include "netem/link/serial_server.hpp"
#include "netem/time/node_absence.hpp"
#include "runtime/actor/passive_actor.hpp"

namespace tardigrad {

class Downlink final : public PassiveActor, public PersistentActor, public Foresight {
 public:
  struct Settings {
    NodeId node = 0;
    RateProfile rate;       ///< that it serves with
    double reported = 0;    ///< bit/s, for the record
    NodeAbsence absence;    ///< what comes while its node is away is dropped
    bool timeline = false;  ///< it tells the recorder of every message
  };

  /// `fragments` points to all of the node's, each a `Fragment`, which are there before the first message comes.
  Downlink(caf::actor_config& config, const Settings& settings, Clock& clock,
           std::shared_ptr<const FragmentActor[]> fragments, RecorderActor recorder);

  void persist(StageArchive& archive) override;
  // Which fragment a message is for.
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
  /// Takes out what meets the condition and is not through.
  template <class Condition>
  std::vector<TransferPtr> take_out(Time now, const Condition& condition);
  void drop_for_absence(const TransferPtr& transfer);
  void schedule_leaving(Time now);
  void report_round(Round round);
  void report_totals();
  /// Lets go of all other actors.
  void finish();

  NodeAbsence absence_;
  std::shared_ptr<const FragmentActor[]> fragments_;
  RecorderActor recorder_;
  EventSource events_;
  EventSource absence_events_;

  Credit credit_;  ///< of the message that is coming in
  SerialServer<TransferPtr> server_;
  std::vector<TransferPtr> announced_;  ///< not taken up yet
  LinkRow total_;
  HopLog log_;
  Traffic received_at_last_round_;
};

}  // namespace tardigrad
