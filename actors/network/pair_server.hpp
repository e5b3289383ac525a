/// A link's own rate, where an ordered pair of nodes has one (matrix networks, links that fail), under `sharing
/// = "serial"`: it stands between the sender's uplink and the pair's link. `SerialServer` is the rule. It
/// serves a message while that is still arriving; as there is only one sender, this holds up no other.
#pragma once

#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "netem/link/serial_server.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class PairServer final : public PairServerActor::base, public PersistentActor {
 public:
  PairServer(caf::actor_config& config, NodeId from, NodeId to, RateProfile rate, Clock& clock, LinkActor link,
             UplinkActor uplink, RecorderActor recorder, FlowControl* flow_control);

  static constexpr const char* type_name = "pair_server";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(ActorArchive& archive) override;

 private:
  void accept(const Departing& departing);
  void serve(Time now);
  void finish_service(const Served& served);
  void withdraw(const Withdrawn& withdrawn);
  void drop_unsent(const DropUnsent& order);
  /// Removes the messages that meet the condition, and tells the link if that cuts a transmission short.
  template <class Condition>
  std::vector<Dropped::Message> take_out(Time now, const Condition& condition);
  void report();

  Clock& clock_;
  LinkActor link_;
  UplinkActor uplink_;
  RecorderActor recorder_;
  EventSource events_;
  FlowControl* flow_control_;  ///< the room for which its messages wait, if they have to

  SerialServer<TransferPtr> server_;
  LinkRow total_;
};

}  // namespace tardigrad
