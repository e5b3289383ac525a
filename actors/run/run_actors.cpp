#include "actors/run/run_actors.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/learning/fragment.hpp"
#include "actors/network/downlink.hpp"
#include "actors/network/fair_switch.hpp"
#include "actors/network/uplink.hpp"
#include "actors/network/uplink_proxy.hpp"

namespace tardigrad {

namespace {

std::vector<SharedValues> fragments_of(const Values& model, const Fragmentation& fragmentation, FragmentId count) {
  std::vector<SharedValues> fragments;
  for (FragmentId k = 0; k < count; ++k) fragments.push_back(share(fragmentation.gather(model, k)));
  return fragments;
}

RunContext context_of(const RunActors::Setting& setting, RunCounters& counters) {
  const RunPlan& plan = setting.plan;
  Fragmentation fragmentation(setting.learner.layout(), plan.fragments, plan.seed);
  const SharedValues initial = share(setting.learner.initial_model());
  auto fragments = fragments_of(*initial, fragmentation, plan.fragments);
  return {setting.clock,
          setting.pool,
          setting.learner,
          counters,
          std::move(fragmentation),
          initial,
          std::move(fragments),
          plan.workers(),
          plan.seed,
          plan.duration,
          plan.moments_between,
          plan.round_limits};
}

}  // namespace

RunActors::RunActors(const Setting& setting)
    : setting_(setting),
      context_(context_of(setting_, counters_)),
      layout_(std::make_shared<const ParameterLayout>(setting_.learner.layout())) {
  const RunPlan& plan = setting_.plan;
  spawn_recorder();
  if (is_fair() && setting_.placement.has_recorder()) {
    fair_switch_ =
        setting_.system.spawn<FairSwitch>(std::cref(plan.network), std::ref(setting_.clock), uplinks_, recorder_);
  }
  for (NodeId node = 0; node < plan.nodes; ++node) spawn_node(node);
}

RunActors::~RunActors() {
  if (!nodes_ended_) end_nodes();
  if (!setting_.placement.has_recorder()) return;
  caf::anon_send(recorder_, Finish{});
  setting_.clock.await_exits(0);
}

template <class Actor>
Actor RunActors::far(PartId part, Role role, NodeId node) {
  const Address address{part, static_cast<std::uint8_t>(role), node};
  return caf::actor_cast<Actor>(FarActor::make(setting_.system, *setting_.outbox, address));
}

void RunActors::spawn_recorder() {
  if (!setting_.placement.has_recorder()) {
    recorder_ = far<RecorderActor>(0, Role::recorder, 0);
    return;
  }
  Recorder::Settings settings{setting_.plan.workers(), setting_.plan.evaluations, setting_.plan.moments_between,
                              setting_.plan.servers};
  recorder_ = setting_.system.spawn<Recorder>(std::move(settings), std::cref(context_), nodes_,
                                              std::ref(*setting_.sink), std::ref(*waits_));
}

void RunActors::spawn_node(NodeId node) {
  const RunPlan& plan = setting_.plan;
  const PartId home = setting_.placement.home(node);
  auto fragments = std::make_shared<std::vector<FragmentActor>>();
  fragments->reserve(plan.fragments);  // the downlink points to them
  downlinks_->push_back(has_node(node) ? spawn_downlink(node, {fragments, fragments->data()})
                                       : far<DownlinkActor>(home, Role::downlink, node));
  uplinks_->push_back(spawn_uplink(node));
  fragments_.push_back(fragments);
  if (!has_node(node)) {
    nodes_->push_back(setting_.placement.has_recorder() ? far<NodeActor>(home, Role::node, node) : NodeActor());
    return;
  }
  Pace pace = plan.paces[node];
  pace.compute = pace.compute.scaled(plan.absences[node].presence(), plan.duration);
  const UplinkEntry uplink = entries_.emplace_back(entry_of(node));
  const auto learner = setting_.system.spawn<Node>(node, std::move(pace), std::cref(context_), fragments, uplink,
                                                   downlinks_->back(), recorder_);
  for (FragmentId k = 0; k < plan.fragments; ++k) {
    const Fragment::Settings settings{node, k, context_.fragmentation.size(k), plan.wait_timeout, setting_.refusals};
    fragments->push_back(setting_.system.spawn<Fragment>(settings,
                                                         plan.protocols({node, k, settings.parameters, layout_}),
                                                         std::ref(setting_.clock), learner, uplink, recorder_));
  }
  nodes_->push_back(learner);
}

UplinkActor RunActors::spawn_uplink(NodeId node) {
  if (!has_uplink(node)) return is_fair() ? far<UplinkActor>(0, Role::uplink, node) : UplinkActor();
  const RunPlan& plan = setting_.plan;
  const Uplink::Settings settings{
      node,
      plan.fragments,
      plan.network.access[node].uplink,
      plan.absences[node],
      {plan.network, plan.seed, setting_.clock, downlinks_, recorder_, has_flow_control(), plan.timeline},
      fair_switch_};
  return setting_.system.spawn<Uplink>(settings);
}

UplinkEntry RunActors::entry_of(NodeId node) {
  if (!is_fair()) return (*uplinks_)[node];
  return setting_.system.spawn<UplinkProxy>(node, std::ref(setting_.clock), (*uplinks_)[node]);
}

DownlinkActor RunActors::spawn_downlink(NodeId node, std::shared_ptr<const FragmentActor[]> fragments) {
  const RunPlan& plan = setting_.plan;
  const RateProfile& rate = plan.network.access[node].downlink;
  const Downlink::Settings settings{node, is_fair() ? RateProfile(kUnlimited) : rate, rate.at(Time{}).value,
                                    plan.absences[node], plan.timeline};
  return make_passive<DownlinkActor, Downlink>(setting_.system, settings, setting_.clock, std::move(fragments),
                                               recorder_);
}

void RunActors::begin() {
  for (NodeId node = 0; node < nodes_->size(); ++node) {
    if (has_node(node)) caf::anon_send((*nodes_)[node], Begin{});
  }
  if (fair_switch_) caf::anon_send(fair_switch_, Begin{});
  if (setting_.placement.has_recorder()) caf::anon_send(recorder_, Begin{});
}

void RunActors::persist(ActorArchive& archive) {
  WireLimits sizes = limits();
  archive(sizes.nodes, sizes.fragments, sizes.parameters);
  if (!(sizes == limits())) return archive.fields().fail();
  archive(counters_);
  archive.enter(recorder_);
  if (fair_switch_) archive.enter(fair_switch_);
  for (NodeId node = 0; node < nodes_->size() && archive.fields().ok(); ++node) {
    archive.enter((*nodes_)[node]);
    for (const FragmentActor& fragment : *fragments_[node]) archive.enter(fragment);
    archive.enter((*uplinks_)[node]);
    if (is_fair()) archive.enter(entries_[node]);
    archive.enter((*downlinks_)[node]);
  }
}

void RunActors::end_nodes() {
  nodes_ended_ = true;
  setting_.clock.clear();
  // Nothing that is still being computed is needed any more, and a local round may take minutes.
  setting_.learner.abandon_work(true);
  setting_.pool.drain();
  for (NodeId node = 0; node < nodes_->size(); ++node) {
    if (has_node(node)) caf::anon_send((*nodes_)[node], Finish{});
    if (is_fair() && has_uplink(node)) caf::anon_send((*uplinks_)[node], Finish{});
  }
  if (fair_switch_) caf::anon_send(fair_switch_, Finish{});
  setting_.clock.await_exits(setting_.placement.has_recorder() ? 1 : 0);
  setting_.pool.drain();  // work that nodes began before they were told
  setting_.learner.abandon_work(false);
}

void RunActors::lose(const std::vector<NodeId>& nodes) {
  if (!setting_.placement.has_recorder()) return;
  caf::anon_send(recorder_, NodesGone{nodes});
  if (!is_fair()) return;
  // Their unsent messages are dropped, as for any node that leaves.
  for (const NodeId node : nodes) caf::anon_send((*uplinks_)[node], Leave{setting_.clock.now()});
}

bool RunActors::deliver(WireMessage& wire_message, const Credit& credit) {
  RunningClock& clock = setting_.clock;
  const auto schedule = [&](const auto& target, auto&& message) {
    if (!wire_message.moment) return false;
    // Under the real clock it arrives when it arrives.
    clock.schedule(std::max(wire_message.moment->at, clock.now()), wire_message.moment->key, target,
                   std::move(message));
    return true;
  };
  return std::visit(
      [&](auto& message) {
        using Message = std::decay_t<decltype(message)>;
        if constexpr (std::is_same_v<Message, Arriving>) message.credit = credit;
        if constexpr (std::is_same_v<Message, Arriving> || std::is_same_v<Message, Withdrawn>) {
          return wire_message.role == Role::downlink && has_node(wire_message.node) &&
                 schedule((*downlinks_)[wire_message.node], std::move(message));
        } else if constexpr (std::is_same_v<Message, Outgoing> || std::is_same_v<Message, RoundEnded>) {
          return wire_message.role == Role::uplink && has_uplink(wire_message.node) &&
                 schedule((*uplinks_)[wire_message.node], std::move(message));
        } else if constexpr (std::is_same_v<Message, Evaluate> || std::is_same_v<Message, EvaluateBetween>) {
          return wire_message.role == Role::node && has_node(wire_message.node) &&
                 schedule((*nodes_)[wire_message.node], std::move(message));
        } else {
          if (wire_message.role != Role::recorder || !setting_.placement.has_recorder()) return false;
          caf::anon_send(recorder_, std::move(message));
          if (credit) caf::anon_send(recorder_, Taken{credit});
          return true;
        }
      },
      wire_message.message);
}

WireLimits RunActors::limits() const {
  return {setting_.plan.nodes, setting_.plan.fragments, static_cast<std::uint64_t>(setting_.learner.layout().numel())};
}

}  // namespace tardigrad
