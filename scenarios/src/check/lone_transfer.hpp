/// The time of a message that is alone in the network: the formula against which runs are checked.
#pragma once

#include <memory>

#include "netem/base/units.hpp"
#include "netem/emulated_network.hpp"

namespace tardigrad {

/// A message's way from one node to another.
struct Way {
  RateProfile uplink = kUnlimited;
  std::shared_ptr<const LinkModel> link;
  RateProfile downlink = kUnlimited;

  bool is_jittered() const { return !link->latency.jitter.is_constant(); }
  /// True if a rate or the latency's base changes over time.
  bool is_varying() const {
    return !uplink.is_constant() || !downlink.is_constant() || !link->latency.base.is_constant() ||
           (link->rate && !link->rate->is_constant());
  }
};

/// Needs two different nodes.
Way way_between(const EmulatedNetwork& network, NodeId from, NodeId to);

/// The time at which a message of `size` bytes, sent at `sent`, is received if it is the only message and is
/// not lost; `kNever` if never. `jitter` is its latency beyond the link's base.
///
/// With constant rates the time is sent + latency + 8b / lowest rate. With rates that change, serial sharing
/// composes uplink, link and downlink as in `SerialServer`: each begins as early as the message's head allows,
/// or as late as does not delay its last byte. Under fair sharing the bytes pass all three at once, and the
/// latency is added.
Time lone_arrival(const Way& way, Sharing sharing, Time sent, Bytes size, Time jitter);

}  // namespace tardigrad
