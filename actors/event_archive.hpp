/// The events of a run in virtual time on their way into a checkpoint or out of one.
#pragma once

#include "actors/stage_archive.hpp"
#include "runtime/virtual_clock.hpp"

namespace tardigrad {

/// All events to come, for actors that have been entered. What a job was to compute for them is done, and saved by
/// whoever had it computed.
void persist_events(StageArchive& archive, VirtualClock& clock);

}  // namespace tardigrad
