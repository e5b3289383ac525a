/// The energy that a node takes: a power while it computes, another while it does not, and so much for each byte that
/// it sends or receives.
#pragma once

#include "netem/base/units.hpp"

namespace tardigrad {

/// What a device draws. Watts are those of the whole device, its radio or network card idle.
struct PowerDraw {
  double idle_watts = 0;  ///< while it does no local steps
  double busy_watts = 0;  ///< while it does
  double joules_per_byte_sent = 0;
  double joules_per_byte_received = 0;

  /// True if it ever draws anything.
  bool counts() const { return idle_watts + busy_watts + joules_per_byte_sent + joules_per_byte_received > 0; }
};

/// What a node has done.
struct NodeUse {
  double present_s = 0;  ///< the time for which it was there; a node that is away draws nothing
  double busy_s = 0;     ///< the part of it that its local steps took
  Bytes bytes_sent = 0;  ///< by its uplink, retransmissions included
  Bytes bytes_received = 0;
};

/// idle_watts (present_s - busy_s) + busy_watts busy_s + joules_per_byte_sent bytes_sent
/// + joules_per_byte_received bytes_received
inline double joules(const PowerDraw& draw, const NodeUse& use) {
  return draw.idle_watts * (use.present_s - use.busy_s) + draw.busy_watts * use.busy_s +
         draw.joules_per_byte_sent * static_cast<double>(use.bytes_sent) +
         draw.joules_per_byte_received * static_cast<double>(use.bytes_received);
}

}  // namespace tardigrad
