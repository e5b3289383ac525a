/// The actors of a run, or of one part of it: spawns them, and takes them down again.
#pragma once

#include <caf/actor_system.hpp>
#include <memory>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/learning/node.hpp"
#include "actors/messages.hpp"
#include "actors/placement.hpp"
#include "actors/record/recorder.hpp"
#include "actors/refusals.hpp"
#include "actors/run/run.hpp"
#include "actors/wire_message.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

class RunActors {
 public:
  struct Setting {
    const RunPlan& plan;
    Learner& learner;
    ComputePool& pool;
    caf::actor_system& system;
    RunningClock& clock;
    /// In the part with the recorder; nullptr elsewhere.
    RecordSink* sink = nullptr;
    Placement placement{};
    /// The outbox to the other parts; nullptr if there is one part only.
    Outbox* outbox = nullptr;
    /// Counts invalid messages of other parts; nullptr if there is one part only.
    Refusals* refusals = nullptr;
  };

  explicit RunActors(const Setting& setting);
  /// Runs on every way out of a run: a job that threw must not leave actors behind, and everything recorded by
  /// then is kept.
  ~RunActors();

  /// Begins the run.
  void begin();
  /// Saves the state of all actors, or, in place of `begin`, loads the state from which they continue. To be
  /// called while no actor has anything to do, in a run of one part.
  void persist(ActorArchive& archive);
  /// Takes down all actors but the recorder.
  void end_nodes();
  /// Delivers a message from another part to its actor, which releases `credit` when it has handled the
  /// message; false if there is no such actor here.
  bool deliver(WireMessage& wire_message, const Credit& credit);
  /// These nodes, of another part, are gone for good.
  void lose(const std::vector<NodeId>& nodes);

  const RunCounters& counters() const { return counters_; }
  WireLimits limits() const;
  /// The fragments that still waited; complete after the actors have been taken down.
  std::shared_ptr<const std::vector<WaitRow>> waits() const { return waits_; }

 private:
  bool is_fair() const { return setting_.plan.network.sharing == Sharing::fair; }
  bool has_uplink(NodeId node) const { return is_fair() ? setting_.placement.has_recorder() : has_node(node); }
  bool has_node(NodeId node) const { return setting_.placement.has_node(node); }
  bool has_flow_control() const { return setting_.outbox && setting_.outbox->flow_control(setting_.placement.self); }
  template <class Actor>
  Actor far(PartId part, Role role, NodeId node);

  void spawn_recorder();
  void spawn_node(NodeId node);
  UplinkActor spawn_uplink(NodeId node);
  DownlinkActor spawn_downlink(NodeId node, std::shared_ptr<const FragmentActor[]> fragments);
  UplinkEntry entry_of(NodeId node);

  Setting setting_;
  RunCounters counters_;
  RunContext context_;
  std::shared_ptr<const ParameterLayout> layout_;  ///< of the model, for protocols
  std::shared_ptr<std::vector<WaitRow>> waits_ = std::make_shared<std::vector<WaitRow>>();
  RecorderActor recorder_;
  FairSwitchActor fair_switch_;  ///< null under serial sharing, and if it is far
  // By node, far ones included; null where no actor here sends to them.
  std::shared_ptr<std::vector<NodeActor>> nodes_ = std::make_shared<std::vector<NodeActor>>();
  std::shared_ptr<std::vector<DownlinkActor>> downlinks_ = std::make_shared<std::vector<DownlinkActor>>();
  std::shared_ptr<std::vector<UplinkActor>> uplinks_ = std::make_shared<std::vector<UplinkActor>>();
  // By node; only local ones.
  std::vector<std::shared_ptr<const std::vector<FragmentActor>>> fragments_;
  std::vector<UplinkEntry> entries_;
  bool nodes_ended_ = false;
};

}  // namespace tardigrad
