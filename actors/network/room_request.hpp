/// Requests of transmitting actors for room towards another part.
#pragma once

#include <caf/send.hpp>

#include "actors/messages.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/hosts/flow_control.hpp"

namespace tardigrad {

/// The bytes that a transfer takes on the way to another part: its real payload, not the emulated size.
inline std::uint64_t wire_bytes(const Transfer& transfer) {
  std::uint64_t bytes = 0;
  if (transfer.values) bytes += transfer.values->size() * sizeof(float);
  if (transfer.encoded) bytes += transfer.encoded->size();
  return bytes;
}

/// Room for so many bytes. Null: there is none, and `actor` gets `Proceed` when another request is worthwhile.
template <class Actor>
ReservedRoom enter(FlowControl& flow_control, std::uint64_t bytes, EntityId who, Actor actor, Clock& clock) {
  return flow_control.enter(bytes, who.value(),
                            [actor = std::move(actor), &clock] { caf::anon_send(actor, Proceed{clock.now()}); });
}

}  // namespace tardigrad
