#include "actors/run.hpp"

#include <caf/actor_system.hpp>
#include <utility>

#include "actors/stage.hpp"
#include "runtime/real_clock.hpp"
#include "runtime/virtual_clock.hpp"

namespace tardigrad {

namespace {

RunOutcome run(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
               const std::function<bool(const RunPosition&)>& keep_going, caf::actor_system& system,
               RunningClock& clock) {
  RunOutcome outcome;
  std::shared_ptr<const std::vector<WaitRow>> waits;
  {
    Stage stage({plan, learner, pool, system, clock, &sink});
    waits = stage.waits();
    stage.begin();
    const Meter& meter = stage.meter();
    const auto position = [&] { return RunPosition{clock.now(), clock.delivered_events(), meter.rounds}; };
    const auto goes_on = [&] {
      outcome.stands_still = meter.held_up > 0 && meter.done == 0 && clock.stands_still();
      return !outcome.stands_still && keep_going(position());
    };
    outcome.finished = clock.run_until(plan.duration, goes_on);
    while (outcome.finished && !meter.evaluated) outcome.finished = clock.run_until(plan.duration, goes_on);
    outcome.position = position();
  }
  outcome.waits = *waits;
  return outcome;
}

}  // namespace

RunOutcome run_in_virtual_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                               const std::function<bool(const RunPosition&)>& keep_going) {
  VirtualTimeConfig config;
  caf::actor_system system(config);
  VirtualClock clock(system);
  return run(plan, learner, pool, sink, keep_going, system, clock);
}

RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going) {
  RealTimeConfig config;
  caf::actor_system system(config);
  RealClock clock(system);
  RunOutcome outcome = run(plan, learner, pool, sink, keep_going, system, clock);
  for (const auto& [entity, overruns] : clock.overruns()) {
    outcome.slow_nodes.push_back({EntityId(entity).node(), overruns.count, overruns.worst_ratio});
  }
  return outcome;
}

}  // namespace tardigrad
