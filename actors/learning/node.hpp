/// One learner: trains rounds on the compute pool, hands the result to its fragments, and begins the
/// next round when all of them have said so.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "actors/stage_archive.hpp"
#include "models/fragmentation.hpp"
#include "models/learners/learner.hpp"
#include "netem/time/compute_pace.hpp"
#include "netem/time/distribution.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/compute/compute_pool.hpp"

namespace tardigrad {

/// How far a run is.
struct Meter {
  std::atomic<std::uint64_t> rounds{0};  ///< local rounds trained, over all nodes
  std::atomic<NodeId> held_up{0};        ///< nodes that have trained and may not begin their next round yet
  std::atomic<NodeId> done{0};           ///< nodes that have no time left for another round
  std::atomic<bool> evaluated{false};    ///< there is no evaluation to come

  void persist(StateArchive& archive) { archive(rounds, held_up, done, evaluated); }
};

/// What all nodes of a run share.
struct Workshop {
  Clock& clock;
  ComputePool& pool;
  Learner& learner;
  Meter& meter;
  Fragmentation fragmentation;
  SharedValues initial_model;
  std::vector<SharedValues> initial_fragments;
  std::uint64_t seed = 0;
  Time end{};                           ///< of the run: a round that would end later is not begun
  std::vector<Time> moments_between{};  ///< as in RunPlan
};

/// How fast one node computes, in emulated time.
struct Pace {
  Time start{};  ///< when its first round begins
  Distribution step_time;
  double slowdown = 1;
  std::uint32_t local_steps = 0;
  ComputePace compute{};  ///< over time: pauses, traces, and none while the node is away
};

class Node final : public NodeActor::base, public PersistentActor {
 public:
  /// `fragments` is filled in before `Begin` comes.
  Node(caf::actor_config& config, NodeId id, Pace pace, const Workshop& workshop,
       std::shared_ptr<const std::vector<FragmentActor>> fragments, UplinkEntry uplink, DownlinkActor downlink,
       RecorderActor recorder);

  static constexpr const char* type_name = "node";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(StageArchive& archive) override;

 private:
  /// What the compute pool works on; the node does not look at it before the job is done.
  struct Training {
    Values model;
    double loss = 0;

    void persist(StateArchive& archive) { archive(model, loss); }
  };
  struct Testing {
    Round round = 0;
    SharedValues model;
    Evaluation result;

    void persist(StateArchive& archive);
  };

  /// A model as it stood at one of the moments between evaluations.
  struct EarlierModel {
    Time time{};
    Testing testing;

    void persist(StateArchive& archive) { archive(time, testing); }
  };
  using EarlierModels = std::vector<EarlierModel>;

  void hand_out_initial();
  void train(Time now);
  void hand_out_trained(Time now);
  void take(const FragmentState& state);
  void end_round(Time now);
  void report_unfinished();
  void evaluate(Time time);
  void report_evaluation(Time time);
  void report(Time time, const Testing& tested);
  /// Before anything changes at `now`: the model is what it was at the moments that have passed since it last did.
  void keep_earlier(Time now);
  void evaluate_between(const EvaluateBetween& request);
  void report_between();

  NodeId id_;
  Pace pace_;
  const Workshop& workshop_;
  std::shared_ptr<const std::vector<FragmentActor>> fragments_;
  UplinkEntry uplink_;
  DownlinkActor downlink_;
  RecorderActor recorder_;
  EventSource events_;
  EventSource evaluation_events_;

  Values model_;                             ///< as it stands; local steps in progress are not in it
  std::shared_ptr<LocalState> local_state_;  ///< shared with the job that trains
  std::shared_ptr<Training> training_;
  std::shared_ptr<Testing> testing_;
  std::deque<EarlierModel> earlier_;        ///< those that may be asked for yet
  std::size_t next_moment_ = 0;             ///< of those between evaluations; past the last: none is kept any more
  std::shared_ptr<EarlierModels> between_;  ///< being tested
  FragmentId ready_fragments_ = 0;
  Time ready_{};          ///< when the last of them was
  bool started_ = false;  ///< its fragments have the initial model
  RoundRow round_;
};

}  // namespace tardigrad
