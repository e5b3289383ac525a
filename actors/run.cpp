#include "actors/run.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/access_link.hpp"
#include "actors/fragment.hpp"
#include "runtime/real_clock.hpp"
#include "runtime/virtual_clock.hpp"

namespace tardigrad {

namespace {

struct Cast {
  std::shared_ptr<std::vector<NodeActor>> nodes = std::make_shared<std::vector<NodeActor>>();
  RecorderActor recorder;
};

/// Spawns all actors but the links, which uplinks spawn as they need them.
Cast spawn_all(caf::actor_system& system, const RunPlan& plan, const Workshop& workshop, RecordSink& sink) {
  Cast cast;
  Recorder::Settings settings{plan.nodes, plan.evaluations};
  cast.recorder = system.spawn<Recorder>(std::move(settings), std::cref(workshop), cast.nodes, std::ref(sink));
  auto downlinks = std::make_shared<std::vector<DownlinkActor>>();
  for (NodeId node = 0; node < plan.nodes; ++node) {
    auto fragments = std::make_shared<std::vector<FragmentActor>>();
    downlinks->push_back(
        system.spawn<Downlink>(node, plan.access[node].downlink, std::ref(workshop.clock), fragments, cast.recorder));
    const auto uplink = system.spawn<Uplink>(node, plan.fragments, plan.access[node].uplink, plan.latency,
                                             std::ref(workshop.clock), downlinks, cast.recorder);
    const auto learner = system.spawn<Node>(node, plan.paces[node], std::cref(workshop), fragments, uplink,
                                            downlinks->back(), cast.recorder);
    for (FragmentId k = 0; k < plan.fragments; ++k) {
      fragments->push_back(system.spawn<Fragment>(node, k, workshop.fragmentation.size(k), plan.protocols(node, k),
                                                  std::ref(workshop.clock), learner, uplink));
    }
    cast.nodes->push_back(learner);
  }
  return cast;
}

/// Takes the actors down on every way out of a run: a job that threw must not leave actors behind,
/// and what was recorded until then is kept.
struct Curtain {
  const Cast& cast;
  RunningClock& clock;
  ComputePool& pool;

  ~Curtain() {
    clock.clear();
    pool.drain();
    for (const NodeActor& node : *cast.nodes) caf::anon_send(node, Finish{});
    clock.await_exits(1);
    caf::anon_send(cast.recorder, Finish{});
    clock.await_exits(0);
    pool.drain();  // what nodes began before they were told
  }
};

RunOutcome run(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
               const std::function<bool(const RunPosition&)>& keep_going, caf::actor_system& system,
               RunningClock& clock) {
  Meter meter;
  const Workshop workshop{clock,
                          pool,
                          learner,
                          meter,
                          Fragmentation(learner.layout(), plan.fragments, plan.seed),
                          share(learner.initial_model()),
                          plan.seed,
                          plan.duration};
  const Cast cast = spawn_all(system, plan, workshop, sink);
  const Curtain curtain{cast, clock, pool};
  for (const NodeActor& node : *cast.nodes) caf::anon_send(node, Begin{});
  caf::anon_send(cast.recorder, Begin{});
  const auto position = [&] { return RunPosition{clock.now(), clock.delivered_events(), meter.rounds}; };
  const auto goes_on = [&] { return keep_going(position()); };
  bool finished = clock.run_until(plan.duration, goes_on);
  while (finished && !meter.evaluated) finished = clock.run_until(plan.duration, goes_on);
  return {finished, position()};
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
