/// Saves and loads the events of a run in virtual time.
#pragma once

#include <vector>

#include "actors/actor_archive.hpp"
#include "runtime/clock/virtual_clock.hpp"

namespace tardigrad {

/// Saves `events` in delivery order, for actors that the archive has numbered. Their jobs have finished; the
/// actors save the results.
void save_events(ActorArchive& archive, const std::vector<const Event*>& events);
/// Schedules the saved events with the clock.
void load_events(ActorArchive& archive, VirtualClock& clock);

}  // namespace tardigrad
