#include "actors/uplink_gate.hpp"

#include <utility>

namespace tardigrad {

UplinkGate::UplinkGate(caf::actor_config& config, NodeId node, Clock& clock, UplinkActor uplink)
    : UplinkEntry::base(config), clock_(clock), uplink_(std::move(uplink)), events_(EntityId(EntityKind::gate, node)) {}

UplinkGate::behavior_type UplinkGate::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Outgoing& outgoing) { clock_.schedule(outgoing.at, events_.next(), uplink_, outgoing); },
      [this](const RoundEnded& ended) { clock_.schedule(ended.at, events_.next(), uplink_, ended); },
      // Whoever made the uplink tells it.
      [this](const Finish&) { quit(); },
  };
}

}  // namespace tardigrad
