/// The directed way from one node to another: brings messages from the sender's uplink to the
/// receiver's downlink after the pair's latency. Lives with its sender.
#pragma once

#include "actors/messages.hpp"
#include "runtime/clock.hpp"

namespace tardigrad {

class Link final : public LinkActor::base {
 public:
  Link(caf::actor_config& config, NodeId from, NodeId to, Time latency, Clock& clock, DownlinkActor downlink,
       RecorderActor recorder);

  static constexpr const char* type_name = "link";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  NodeId from_;
  NodeId to_;
  Time latency_;
  Clock& clock_;
  DownlinkActor downlink_;
  RecorderActor recorder_;
  EventSource events_;
  LinkRow total_;
};

}  // namespace tardigrad
