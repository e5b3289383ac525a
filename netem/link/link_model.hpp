/// The way from one node to another, between their access links.
#pragma once

#include <optional>

#include "netem/link/latency.hpp"
#include "netem/link/loss.hpp"
#include "netem/time/rate_profile.hpp"

namespace tardigrad {

struct LinkModel {
  Latency latency;
  LossModel loss;
  /// The rate of a dedicated link of this ordered pair; without it only the access links limit the pair.
  std::optional<RateProfile> rate;
};

}  // namespace tardigrad
