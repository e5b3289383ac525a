/// The network of one run: what every access link and every link does, as functions of time and seed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "netem/latency.hpp"
#include "netem/loss.hpp"
#include "netem/rate_profile.hpp"
#include "netem/units.hpp"

namespace tardigrad {

/// How the messages that are under way at one access link share it.
enum class Sharing {
  serial,  ///< whole messages one after the other (`SerialServer`)
  fair,    ///< all at once, max-min fairly (`FairNetwork`)
};

/// A rate that holds nothing up: any message passes in less than a picosecond. Finite, so that an
/// outage can be a factor of it.
inline constexpr BitsPerSecond kUnlimited{1e24};

/// A node's own connection.
struct AccessLink {
  RateProfile uplink = kUnlimited;
  RateProfile downlink = kUnlimited;
};

/// The way from one node to another, between their access links.
struct LinkModel {
  Latency latency;
  LossModel loss;
  /// Of a link that only this ordered pair uses; none: nothing but the access links holds messages up.
  std::optional<RateProfile> rate;
};

struct EmulatedNetwork {
  Sharing sharing = Sharing::serial;
  std::vector<AccessLink> access;  ///< by node
  /// Of two different nodes. Asked once for each pair that is used, by any thread.
  std::function<std::shared_ptr<const LinkModel>(NodeId from, NodeId to)> link;
};

}  // namespace tardigrad
