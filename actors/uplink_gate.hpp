/// A node's near end of an uplink that lives elsewhere, with the fair switch: hands on through the clock what comes,
/// at the same moment, but after all that may cause something like it at that moment.
#pragma once

#include "actors/messages.hpp"
#include "runtime/clock.hpp"

namespace tardigrad {

class UplinkGate final : public UplinkEntry::base {
 public:
  UplinkGate(caf::actor_config& config, NodeId node, Clock& clock, UplinkActor uplink);

  static constexpr const char* type_name = "uplink_gate";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override { uplink_ = nullptr; }

 private:
  Clock& clock_;
  UplinkActor uplink_;
  EventSource events_;
};

}  // namespace tardigrad
