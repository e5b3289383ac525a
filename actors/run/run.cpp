#include "actors/run/run.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <stdexcept>
#include <utility>

#include "actors/run/event_archive.hpp"
#include "actors/run/run_actors.hpp"
#include "runtime/clock/real_clock.hpp"
#include "runtime/clock/system_time.hpp"
#include "runtime/clock/virtual_clock.hpp"

namespace tardigrad {

namespace {

using GoesOn = std::function<bool()>;

/// `begin` starts the actors, `proceed` lets the clock run to the end of the plan; false: `goes_on` has
/// returned false.
RunOutcome run(const RunActors::Setting& setting, const std::function<bool(const RunPosition&)>& keep_going,
               const std::function<void(RunActors&)>& begin,
               const std::function<bool(RunActors&, const GoesOn&)>& proceed) {
  RunningClock& clock = setting.clock;
  RunOutcome outcome;
  std::shared_ptr<const std::vector<WaitRow>> waits;
  {
    RunActors actors(setting);
    waits = actors.waits();
    begin(actors);
    const RunCounters& counters = actors.counters();
    const auto position = [&] {
      return RunPosition{clock.now(), clock.delivered_events(), counters.rounds, counters.steps};
    };
    const auto goes_on = [&] {
      outcome.stands_still = counters.held_up > 0 && counters.done == 0 && clock.stands_still();
      return !outcome.stands_still && keep_going(position());
    };
    outcome.finished = proceed(actors, goes_on);
    while (outcome.finished && !counters.evaluated && !setting.sink->has_enough()) {
      outcome.finished = clock.run_until(setting.plan.duration, goes_on);
    }
    outcome.position = position();
  }
  outcome.waits = *waits;
  return outcome;
}

/// Saves everything on which the rest of the run depends.
void save(StateArchive& fields, RunActors& actors, VirtualClock& clock) {
  clock.settle();
  const auto events = clock.pending_events();  // first: what is being computed for them is part of what follows
  ActorArchive archive(fields);
  clock.persist(fields);
  actors.persist(archive);
  save_events(archive, events);
  fields.end_sharing();
}

void load(StateArchive& fields, RunActors& actors, VirtualClock& clock) {
  clock.settle();
  ActorArchive archive(fields);
  clock.persist(fields);
  actors.persist(archive);
  load_events(archive, clock);
  fields.end_sharing();
  if (!fields.ok()) throw std::runtime_error("the checkpoint does not fit the scenario");
}

/// Runs to the end and stops at every checkpoint, which costs no event more.
bool run_through(const RunPlan& plan, RunActors& actors, VirtualClock& clock, const RecordSink& sink,
                 const GoesOn& goes_on, const Checkpointing& wanted) {
  Time possible_end = plan.end_from(clock.now());
  for (;;) {
    const Time checkpoint =
        wanted.every < plan.duration ? (clock.now() / wanted.every + 1) * wanted.every : plan.duration;
    const bool goes = clock.run_until(std::min({checkpoint, possible_end, plan.duration}), goes_on);
    const bool may_end = goes && clock.now() == possible_end;
    if (may_end && (possible_end == plan.duration || sink.has_enough())) return true;
    if (may_end) possible_end = plan.end_from(possible_end + Time{1});
    const bool is_due = !goes || clock.now() == checkpoint;
    if (wanted.store && is_due) wanted.store([&](StateArchive& archive) { save(archive, actors, clock); });
    if (!goes) return false;
  }
}

}  // namespace

Time RunPlan::end_from(Time time) const {
  const auto end = std::lower_bound(possible_ends.begin(), possible_ends.end(), time);
  return end == possible_ends.end() ? duration : *end;
}

RunOutcome run_in_virtual_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                               const std::function<bool(const RunPosition&)>& keep_going,
                               const Checkpointing& checkpointing) {
  VirtualTimeConfig config;
  caf::actor_system system(config);
  VirtualClock clock(system, plan.duration);
  return run(
      {plan, learner, pool, system, clock, &sink}, keep_going,
      [&](RunActors& actors) { checkpointing.saved ? load(*checkpointing.saved, actors, clock) : actors.begin(); },
      [&](RunActors& actors, const GoesOn& goes_on) {
        return run_through(plan, actors, clock, sink, goes_on, checkpointing);
      });
}

RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going, TimeSource& time) {
  RealTimeConfig config(time);
  caf::actor_system system(config);
  RealClock clock(system, time, plan.duration);
  RunOutcome outcome = run(
      {plan, learner, pool, system, clock, &sink}, keep_going, [](RunActors& actors) { actors.begin(); },
      [&](RunActors&, const GoesOn& goes_on) { return clock.run_until(plan.duration, goes_on); });
  for (const auto& [entity, overruns] : clock.overruns()) {
    outcome.slow_nodes.push_back({EntityId(entity).node(), overruns.count, overruns.worst_ratio});
  }
  return outcome;
}

RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going) {
  SystemTime time;
  return run_in_real_time(plan, learner, pool, sink, keep_going, time);
}

}  // namespace tardigrad
