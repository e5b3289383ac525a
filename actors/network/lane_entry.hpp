/// How actors that transmit ask for room on a lane.
#pragma once

#include <caf/send.hpp>

#include "actors/messages.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/hosts/lane.hpp"

namespace tardigrad {

/// What a transfer takes of a lane: its payload as it really is, not what the emulated network is charged.
inline std::uint64_t lane_bytes(const Transfer& transfer) {
  std::uint64_t bytes = 0;
  if (transfer.values) bytes += transfer.values->size() * sizeof(float);
  if (transfer.encoded) bytes += transfer.encoded->size();
  return bytes;
}

/// Room for so much. Null: there is none, and `actor` gets `Proceed` when it is worth asking again.
template <class Actor>
LaneRoom enter(Lane& lane, std::uint64_t bytes, EntityId who, Actor actor, Clock& clock) {
  return lane.enter(bytes, who.value(),
                    [actor = std::move(actor), &clock] { caf::anon_send(actor, Proceed{clock.now()}); });
}

}  // namespace tardigrad
