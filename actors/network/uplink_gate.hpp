/// A node's near end of an uplink that lives elsewhere, with the fair switch: hands on through the clock what comes,
/// at the same moment, but after all that may cause something like it at that moment. Where the way to the uplink is
/// full, messages wait here; one that is flushed then has never been queued.
#pragma once

#include <deque>
#include <variant>

#include "actors/messages.hpp"
#include "actors/stage_archive.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class UplinkGate final : public UplinkEntry::base, public PersistentActor {
 public:
  UplinkGate(caf::actor_config& config, NodeId node, Clock& clock, UplinkActor uplink);

  static constexpr const char* type_name = "uplink_gate";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  /// In virtual time there is always room: nothing waits here.
  void persist(StageArchive& archive) override { archive(events_); }

 private:
  void drop_waiting(FragmentId fragment);
  void hand_on();
  bool find_room(std::uint64_t bytes, LaneRoom& room);

  NodeId node_;
  Clock& clock_;
  UplinkActor uplink_;
  Lane* lane_ = nullptr;  ///< to the uplink, if messages have to wait for room
  EventSource events_;
  std::deque<std::variant<Outgoing, RoundEnded>> waiting_;
};

}  // namespace tardigrad
