/// The events of a run in virtual time on their way into a checkpoint or out of one.
#pragma once

#include <vector>

#include "actors/stage_archive.hpp"
#include "runtime/clock/virtual_clock.hpp"

namespace tardigrad {

/// As `VirtualClock::pending_events` has them, for actors that have been entered. What a job was to compute for them is
/// done, and saved by whoever had it computed.
void save_events(StageArchive& archive, const std::vector<const Event*>& events);
/// The clock gets what was saved.
void load_events(StageArchive& archive, VirtualClock& clock);

}  // namespace tardigrad
