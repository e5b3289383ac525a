/// The straggler stars of the DivShare paper (Biswas et al., WWW 2025): a switch in the middle, to which some
/// nodes have slow links.
#pragma once

#include <cstdint>
#include <string>

#include "netem/base/units.hpp"

namespace tardigrad {

struct Star {
  NodeId nodes = 60;
  NodeId stragglers = 7;  ///< the first nodes; at most `nodes`
  BitsPerSecond rate{60e6};
  double factor = 5;
  BitsPerSecond jitter{};
  std::uint64_t seed = 1;
};

/// A trace by node for [[network.traces]]. Stragglers have rate / factor, uniformly +- jitter, as in
/// `access_rates`.
std::string star_trace(const Star& star);

}  // namespace tardigrad
