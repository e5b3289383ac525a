/// One learner: trains rounds on the compute pool, hands the result to its fragments, and begins the next round
/// when all of them have agreed. A server trains nothing: its rounds are what lies between two times at which its
/// fragments agree.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/learning/pace.hpp"
#include "actors/messages.hpp"
#include "models/fragmentation.hpp"
#include "models/learners/learner.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/compute/compute_pool.hpp"

namespace tardigrad {

/// Counts the progress of a run.
struct RunCounters {
  std::atomic<std::uint64_t> rounds{0};  ///< local rounds trained, over all nodes
  std::atomic<std::uint64_t> steps{0};   ///< local steps in these rounds
  std::atomic<NodeId> held_up{0};        ///< nodes that have trained and may not begin their next round yet
  std::atomic<NodeId> done{0};           ///< nodes that have no time left for another round
  std::atomic<bool> evaluated{false};    ///< true if there is no evaluation to come

  void persist(StateArchive& archive) { archive(rounds, steps, held_up, done, evaluated); }
};

/// What all nodes of a run share, read-only but for the counters.
struct RunContext {
  Clock& clock;
  ComputePool& pool;
  Learner& learner;
  RunCounters& counters;
  Fragmentation fragmentation;
  SharedValues initial_model;
  std::vector<SharedValues> initial_fragments;
  NodeId workers = 0;  ///< nodes that train; those behind are servers
  std::uint64_t seed = 0;
  Time end{};                           ///< of the run: a round that would end later is not begun
  std::vector<Time> moments_between{};  ///< as in RunPlan
  RoundLimits round_limits{};
};

class Node final : public NodeActor::base, public PersistentActor {
 public:
  /// `fragments` is filled in before `Begin` arrives.
  Node(caf::actor_config& config, NodeId id, Pace pace, const RunContext& context,
       std::shared_ptr<const std::vector<FragmentActor>> fragments, UplinkEntry uplink, DownlinkActor downlink,
       RecorderActor recorder);

  static constexpr const char* type_name = "node";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(ActorArchive& archive) override;

 private:
  bool has_ended() const;
  /// The local steps of the round that begins.
  std::uint32_t steps_of(const LocalWork& work) const;

  /// State on which the compute pool works; the node does not look at it before the job is done.
  struct Training {
    LocalWork work;  ///< not needed any more once the job is done
    Values model;
    LocalResult result;

    void persist(StateArchive& archive) { archive(model, result.loss, result.steps, result.learning_rates); }
  };
  struct Testing {
    Round round = 0;
    SharedValues model;
    Evaluation result;

    void persist(StateArchive& archive);
  };

  /// A copy of the model at one of the moments between evaluations.
  struct EarlierModel {
    Time time{};
    Testing testing;

    void persist(StateArchive& archive) { archive(time, testing); }
  };
  using EarlierModels = std::vector<EarlierModel>;

  bool is_server() const { return id_ >= context_.workers; }
  /// The node whose test data the model is tested on; none: a server's, on that of all.
  std::optional<NodeId> tested_as() const { return is_server() ? std::nullopt : std::optional(id_); }
  void hand_out_initial();
  void train(Time now);
  void hand_out_trained(Time now);
  void take(const FragmentState& state);
  void note_work(const FragmentState& state);
  LocalWork take_work();
  void end_round(Time now);
  void report_unfinished();
  void evaluate(Time time);
  void report_evaluation(Time time);
  void report(Time time, const Testing& tested);
  /// To be called before a change at `now`: stores the model for the moments that have passed since its last
  /// change.
  void keep_earlier(Time now);
  void evaluate_between(const EvaluateBetween& request);
  void report_between();

  NodeId id_;
  Pace pace_;
  const RunContext& context_;
  std::shared_ptr<const std::vector<FragmentActor>> fragments_;
  UplinkEntry uplink_;
  DownlinkActor downlink_;
  RecorderActor recorder_;
  EventSource events_;
  EventSource evaluation_events_;

  Values model_;                             ///< without local steps in progress
  std::shared_ptr<LocalState> local_state_;  ///< shared with the job that trains; null: a server's
  std::shared_ptr<Training> training_;
  std::shared_ptr<Testing> testing_;
  std::deque<EarlierModel> earlier_;        ///< models that may still be requested
  std::size_t next_moment_ = 0;             ///< index of the next moment between evaluations; past the last: no model
                                            ///< is kept any more
  std::shared_ptr<EarlierModels> between_;  ///< models that are being tested
  LocalWork work_;                          ///< what the fragments that are ready ask of the next round, without
  Values offset_;                           ///< its offset, for the whole model; empty: none
  FragmentId ready_fragments_ = 0;
  Time ready_{};          ///< the time of the latest of their answers
  bool started_ = false;  ///< true if its fragments have the initial model
  RoundRow round_;
};

}  // namespace tardigrad
