#include "actors/run.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/downlink.hpp"
#include "actors/fair_switch.hpp"
#include "actors/fair_uplink.hpp"
#include "actors/fragment.hpp"
#include "actors/serial_uplink.hpp"
#include "runtime/real_clock.hpp"
#include "runtime/virtual_clock.hpp"

namespace tardigrad {

namespace {

struct Cast {
  std::shared_ptr<std::vector<NodeActor>> nodes = std::make_shared<std::vector<NodeActor>>();
  FairSwitchActor fair_switch;  ///< null under serial sharing
  RecorderActor recorder;
};

/// Spawns all actors but the links, which uplinks spawn as they need them.
class Casting {
 public:
  Casting(caf::actor_system& system, const RunPlan& plan, const Workshop& workshop)
      : system_(system), plan_(plan), workshop_(workshop) {}

  Cast spawn(RecordSink& sink, std::vector<WaitRow>& waits) {
    Recorder::Settings settings{plan_.nodes, plan_.evaluations};
    cast_.recorder = system_.spawn<Recorder>(std::move(settings), std::cref(workshop_), cast_.nodes, std::ref(sink),
                                             std::ref(waits));
    if (plan_.network.sharing == Sharing::fair) {
      cast_.fair_switch = system_.spawn<FairSwitch>(std::cref(plan_.network), std::ref(workshop_.clock), uplinks_);
    }
    for (NodeId node = 0; node < plan_.nodes; ++node) spawn_node(node);
    return cast_;
  }

 private:
  bool is_fair() const { return plan_.network.sharing == Sharing::fair; }

  void spawn_node(NodeId node) {
    auto fragments = std::make_shared<std::vector<FragmentActor>>();
    downlinks_->push_back(spawn_downlink(node, fragments));
    uplinks_->push_back(spawn_uplink(node));
    Pace pace = plan_.paces[node];
    pace.compute = pace.compute.scaled(plan_.absences[node].presence(), plan_.duration);
    const auto learner = system_.spawn<Node>(node, std::move(pace), std::cref(workshop_), fragments, uplinks_->back(),
                                             downlinks_->back(), cast_.recorder);
    for (FragmentId k = 0; k < plan_.fragments; ++k) {
      const Fragment::Settings settings{node, k, workshop_.fragmentation.size(k), plan_.wait_timeout};
      fragments->push_back(system_.spawn<Fragment>(settings, plan_.protocols({node, k, settings.parameters}),
                                                   std::ref(workshop_.clock), learner, uplinks_->back(),
                                                   cast_.recorder));
    }
    cast_.nodes->push_back(learner);
  }

  DownlinkActor spawn_downlink(NodeId node, std::shared_ptr<const std::vector<FragmentActor>> fragments) {
    const RateProfile& rate = plan_.network.access[node].downlink;
    const Downlink::Settings settings{node, is_fair() ? RateProfile(kUnlimited) : rate, rate.at(Time{}).value,
                                      plan_.absences[node]};
    return system_.spawn<Downlink>(settings, std::ref(workshop_.clock), std::move(fragments), cast_.recorder);
  }

  UplinkActor spawn_uplink(NodeId node) {
    const Uplink::Settings settings{node,
                                    plan_.fragments,
                                    plan_.network.access[node].uplink,
                                    plan_.absences[node],
                                    {plan_.network, plan_.seed, workshop_.clock, downlinks_, cast_.recorder}};
    if (is_fair()) return system_.spawn<FairUplink>(settings, cast_.fair_switch);
    return system_.spawn<SerialUplink>(settings);
  }

  caf::actor_system& system_;
  const RunPlan& plan_;
  const Workshop& workshop_;
  Cast cast_;
  std::shared_ptr<std::vector<DownlinkActor>> downlinks_ = std::make_shared<std::vector<DownlinkActor>>();
  std::shared_ptr<std::vector<UplinkActor>> uplinks_ = std::make_shared<std::vector<UplinkActor>>();
};

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
    if (cast.fair_switch) caf::anon_send(cast.fair_switch, Finish{});
    clock.await_exits(1);
    caf::anon_send(cast.recorder, Finish{});
    clock.await_exits(0);
    pool.drain();  // what nodes began before they were told
  }
};

std::vector<SharedValues> fragments_of(const Values& model, const Fragmentation& fragmentation, FragmentId count) {
  std::vector<SharedValues> fragments;
  for (FragmentId k = 0; k < count; ++k) fragments.push_back(share(fragmentation.gather(model, k)));
  return fragments;
}

/// From the first message to the last, with the actors that are there.
RunOutcome run(const RunPlan& plan, const Cast& cast, const Meter& meter, RunningClock& clock,
               const std::function<bool(const RunPosition&)>& keep_going) {
  for (const NodeActor& node : *cast.nodes) caf::anon_send(node, Begin{});
  if (cast.fair_switch) caf::anon_send(cast.fair_switch, Begin{});
  caf::anon_send(cast.recorder, Begin{});
  RunOutcome outcome;
  const auto position = [&] { return RunPosition{clock.now(), clock.delivered_events(), meter.rounds}; };
  const auto goes_on = [&] {
    outcome.stands_still = meter.held_up > 0 && meter.done == 0 && clock.stands_still();
    return !outcome.stands_still && keep_going(position());
  };
  outcome.finished = clock.run_until(plan.duration, goes_on);
  while (outcome.finished && !meter.evaluated) outcome.finished = clock.run_until(plan.duration, goes_on);
  outcome.position = position();
  return outcome;
}

RunOutcome run(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
               const std::function<bool(const RunPosition&)>& keep_going, caf::actor_system& system,
               RunningClock& clock) {
  Meter meter;
  const Fragmentation fragmentation(learner.layout(), plan.fragments, plan.seed);
  const SharedValues initial = share(learner.initial_model());
  const Workshop workshop{clock,
                          pool,
                          learner,
                          meter,
                          fragmentation,
                          initial,
                          fragments_of(*initial, fragmentation, plan.fragments),
                          plan.seed,
                          plan.duration};
  std::vector<WaitRow> waits;
  RunOutcome outcome;
  {
    const Cast cast = Casting(system, plan, workshop).spawn(sink, waits);
    const Curtain curtain{cast, clock, pool};
    outcome = run(plan, cast, meter, clock, keep_going);
  }
  outcome.waits = std::move(waits);
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
