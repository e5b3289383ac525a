/// What came to an uplink, link or downlink, and what became of it.
#pragma once

#include <cstdint>

#include "netem/base/traffic.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Every accepted message has passed, was dropped, was lost or is still there.
struct LinkCount {
  Traffic accepted;  ///< counts each retransmission
  Time busy{};
  Traffic passed;     ///< uplink: transmitted; link: left the link; downlink: delivered
  Traffic dropped;    ///< flushed, or dropped because the node was away
  Traffic absent;     ///< part of dropped: downlink: arrived while the node was away; link: its host was lost
  Traffic lost;       ///< on a link
  Traffic under_way;  ///< at the end of the run
  std::uint64_t longest_queue = 0;
};

template <class Archive>
void describe(Archive& with, LinkCount& c) {
  with(c.accepted, c.busy, c.passed, c.dropped, c.absent, c.lost, c.under_way, c.longest_queue);
}

}  // namespace tardigrad
