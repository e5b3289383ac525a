/// A proxy at the node's part of an uplink that lives with the fair switch in another part: forwards messages
/// through the clock, at the same moment, but after everything that may cause such a message at that moment. If
/// the way to the uplink is full, messages wait here; a message that is flushed then has never been queued.
#pragma once

#include <deque>
#include <variant>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class UplinkProxy final : public UplinkEntry::base, public PersistentActor {
 public:
  UplinkProxy(caf::actor_config& config, NodeId node, Clock& clock, UplinkActor uplink);

  static constexpr const char* type_name = "uplink_proxy";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  /// In virtual time there is always room: nothing waits here.
  void persist(ActorArchive& archive) override { archive(events_); }

 private:
  void drop_waiting(FragmentId fragment);
  void hand_on();
  bool find_room(std::uint64_t bytes, ReservedRoom& room);

  NodeId node_;
  Clock& clock_;
  UplinkActor uplink_;
  FlowControl* flow_control_ = nullptr;  ///< towards the uplink, if messages have to wait for room
  EventSource events_;
  std::deque<std::variant<Outgoing, RoundEnded>> waiting_;
};

}  // namespace tardigrad
