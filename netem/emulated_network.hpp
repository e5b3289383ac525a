/// The network of one run: the behaviour of every access link and every link as functions of time and seed.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "netem/base/units.hpp"
#include "netem/link/link_model.hpp"
#include "netem/time/rate_profile.hpp"

namespace tardigrad {

/// The rule by which messages under way share an access link.
enum class Sharing {
  serial,  ///< whole messages one after the other (`SerialServer`)
  fair,    ///< all at once, max-min fairly (`FairNetwork`)
};

/// A rate at which any message passes in less than a picosecond. It is finite, so that an outage can be a
/// factor of it.
inline constexpr BitsPerSecond kUnlimited{1e24};

/// The connection of one node to the network.
struct AccessLink {
  RateProfile uplink = kUnlimited;
  RateProfile downlink = kUnlimited;
};

struct EmulatedNetwork {
  Sharing sharing = Sharing::serial;
  std::vector<AccessLink> access;  ///< by node
  /// The link between two different nodes. Called once for each pair in use, from any thread.
  std::function<std::shared_ptr<const LinkModel>(NodeId from, NodeId to)> link;
};

}  // namespace tardigrad
