/// How long a message takes that has its way to itself: the formula that runs are held against.
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
  /// Whether a rate or the latency's base changes over time.
  bool is_varying() const {
    return !uplink.is_constant() || !downlink.is_constant() || !link->latency.base.is_constant() ||
           (link->rate && !link->rate->is_constant());
  }
};

/// Between two different nodes.
Way way_between(const EmulatedNetwork& network, NodeId from, NodeId to);

/// When a message of `size` bytes, sent at `sent`, is received if nothing else is on its way and nothing
/// is lost; `kNever` if never. `jitter` is what its latency has on top of the link's base.
///
/// Where rates are constant, that is sent + latency + 8b / lowest rate. Where they change, serial sharing
/// composes uplink, link and downlink as in `SerialServer`: each begins as early as the message's head
/// allows, or as late as does not delay its last byte. Under fair sharing the bytes pass all three at once,
/// and the latency comes on top.
Time lone_arrival(const Way& way, Sharing sharing, Time sent, Bytes size, Time jitter);

}  // namespace tardigrad
