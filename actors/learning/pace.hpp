/// When a node computes, and for how many rounds.
#pragma once

#include <cstdint>
#include <optional>

#include "netem/base/units.hpp"
#include "netem/time/compute_pace.hpp"
#include "netem/time/distribution.hpp"

namespace tardigrad {

/// The rounds of a node, behind which it rests.
struct RoundLimits {
  std::optional<Round> training;  ///< nothing: as many as the run's duration permits
  Round consensus = 0;            ///< then so many without local steps, which only average
};

/// The speed of one node's computations in emulated time.
struct Pace {
  Time start{};  ///< begin of its first round
  Distribution step_time;
  double slowdown = 1;
  std::uint32_t local_steps = 0;  ///< of a round of which its fragments ask for nothing else
  ComputePace compute{};          ///< pauses, traces and absences over time
};

}  // namespace tardigrad
