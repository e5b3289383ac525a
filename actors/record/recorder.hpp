/// Collects the results: requests evaluations, joins the reports of nodes and links, and passes them on in an
/// order that does not depend on the order of arrival.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/learning/node.hpp"
#include "actors/messages.hpp"
#include "actors/record/record_sink.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/compute/compute_pool.hpp"

namespace tardigrad {

class Recorder final : public RecorderActor::base, public PersistentActor {
 public:
  struct Settings {
    NodeId workers = 0;                   ///< nodes that train
    std::vector<Time> evaluations;        ///< ascending
    std::vector<Time> moments_between{};  ///< as in RunPlan
    NodeId servers = 0;                   ///< behind the workers; the first one's model is tested, too

    bool is_server(NodeId node) const { return node >= workers && node < workers + servers; }
    NodeId tested() const { return workers + (servers > 0 ? 1 : 0); }
  };

  /// Evaluates the average over workers on the compute pool; the nodes evaluate their own models. They are told
  /// the evaluations ahead of time. `waits` receives the fragments that still wait at the end, by node.
  Recorder(caf::actor_config& config, Settings settings, const RunContext& context,
           std::shared_ptr<const std::vector<NodeActor>> nodes, RecordSink& sink, std::vector<WaitRow>& waits);

  static constexpr const char* type_name = "recorder";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void persist(ActorArchive& archive) override;

 private:
  /// All workers' models of one moment.
  struct Averaging {
    Time time{};
    Time asked{};              ///< time of their test
    std::set<NodeId> unheard;  ///< nodes that are present and have not answered
    std::map<NodeId, SharedValues> models;
    Round rounds = 0;  ///< smallest over nodes
    Evaluation result;
    std::map<NodeId, EvaluationRow> rows;  ///< the first of each node, as a faulty host may send more

    void persist(StateArchive& archive);
  };
  using AveragingPtr = std::shared_ptr<Averaging>;

  /// Tells the nodes ahead of time. Leaves out evaluations whose time has passed while the last one was
  /// computed.
  void schedule_next_evaluation();
  void begin_evaluation(Time time);
  void add_evaluation(EvaluationRow row);
  void keep_evaluation(const Averaging& averaging);
  void add_snapshot(const ModelSnapshot& snapshot);
  static void add_to_average(const ModelSnapshot& snapshot, Averaging& averaging);
  void forget(const std::vector<NodeId>& nodes);
  /// The averaging of that moment that is under way; null if there is none.
  AveragingPtr averaging_of(Time time) const;
  void average_if_complete(const AveragingPtr& averaging);
  void finish_evaluation(Time time);
  /// Requests the models between the last two evaluations from the nodes, if the sink wants them.
  void look_between();
  void finish_between(Averaging& averaging);
  /// The record of this node and round, after one more of its three parts.
  template <class Part>
  void join(const Part& part, Part RoundRecord::*place);
  /// Passes on what is complete: of rounds, those that have ended by then.
  void commit(Time until);
  void pass_on_rounds(Time until);
  /// Adds busy times to the rows of the same links, which must be in order.
  void add_busy_times();
  /// Passes on the rounds that are settled: a timeline's are too many to be kept from one evaluation to the next, and a
  /// process that is killed leaves no more than what has been passed on.
  void relieve();

  Settings settings_;
  const RunContext& context_;
  std::shared_ptr<const std::vector<NodeActor>> nodes_;
  RecordSink& sink_;
  std::vector<WaitRow>& waits_;
  EventSource events_;
  std::vector<EventSource> request_events_;  ///< by node

  struct Partial {
    RoundRecord record;
    int parts = 0;

    void persist(StateArchive& archive) { archive(record, parts); }
  };
  std::map<std::pair<NodeId, Round>, Partial> partial_rounds_;
  std::vector<RoundRecord> rounds_;
  std::size_t hops_ = 0;  ///< in these rounds
  Time relieved_{};
  std::chrono::steady_clock::time_point relief_due_;
  std::vector<EvaluationRow> evaluations_;
  std::vector<LinkRow> links_;
  std::vector<BusyRow> busy_;

  std::size_t next_evaluation_ = 0;
  std::set<NodeId> present_;
  AveragingPtr averaging_;  ///< of the evaluation under way
  bool may_look_between_;   ///< true if nodes keep their earlier models
  std::map<Time, AveragingPtr> between_;
  std::size_t untested_ = 0;  ///< number of these that are not tested yet
};

}  // namespace tardigrad
