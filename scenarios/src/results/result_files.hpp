/// Writes the files of one algorithm and seed during its run.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/record/record_sink.hpp"
#include "netem/base/energy.hpp"
#include "netem/time/node_absence.hpp"
#include "scenarios/src/results/energy_meter.hpp"
#include "scenarios/src/results/evaluation_point.hpp"
#include "scenarios/src/results/growing_table.hpp"

namespace tardigrad {

/// Sums over a run.
struct RunTotals {
  std::uint64_t rounds = 0;
  std::uint64_t steps = 0;  ///< local steps in these rounds
  double computing_s = 0;   ///< of these rounds: until their local steps ended, without the time that nodes were away
  double present_s = 0;     ///< in these rounds, in all
  MixingCount mixing;
  Traffic sent;       ///< transmitted by uplinks, retransmissions included
  Traffic flushed;    ///< dropped by senders before they were transmitted
  Traffic lost;       ///< on links
  Traffic to_absent;  ///< dropped because the receiver was away
  Traffic delivered;
  DelayCounts delays;               ///< of these
  std::uint64_t longest_queue = 0;  ///< of all access links and links
  /// The time at which a model's loss was first not finite.
  std::optional<double> diverged_s;

  /// The share of the rounds' time that nodes spent computing, not waiting; nothing without a round.
  std::optional<double> compute_utilisation() const;
  void persist(StateArchive& archive);
};

/// The table for the run's rows of curves.csv, and the fields that identify the run.
struct CurveOfRun {
  GrowingTable& curves;
  std::string algorithm;
  std::uint64_t seed = 0;
  /// The target after whose first crossing the models between that evaluation and the one before are tested,
  /// too. None: no models are tested.
  std::optional<Target> refined{};
  bool has_servers = false;             ///< the scenario has some, and the table columns of them
  std::vector<NodeAbsence> absences{};  ///< by node; of those behind: none
  std::vector<PowerDraw> draws{};       ///< by node; of none: no energy is counted
  std::optional<Target> stop_at{};      ///< the target with which the run has enough; none: it never has
};

/// Writes evaluations.csv, rounds.csv and links.csv, and the run's rows of curves.csv. They contain no
/// wall-clock figure: repeated runs in virtual time write the same bytes. The first failure to write is kept.
/// During a run, other threads may call only `failed`, `has_enough`, `latest_accuracy` and `latest_loss`.
class ResultFiles final : public RecordSink {
 public:
  /// Creates `folder` and the files with their header lines; or, if the files were saved, continues them from
  /// their state then: later rows are cut off.
  ResultFiles(const std::filesystem::path& folder, CurveOfRun curve, StateArchive* saved = nullptr);

  void add(const RoundRecord& record) override;
  void add_unfinished(const RoundRecord& record) override { energy_.add_unfinished(record); }
  void add_of_server(const RoundRecord& record) override;
  void add(const EvaluationRow& row) override;
  void add(const LinkRow& row) override;
  void commit() override;
  bool looks_between() override { return crossed_; }
  bool has_enough() const override { return has_enough_; }
  void add_between(const std::vector<EvaluationRow>& rows) override;
  /// The run is over: a row of curves.csv that waited for others is written, too.
  void finish();
  /// Saves the files' lengths; their content is on disk then.
  void save(StateArchive& archive);

  bool failed() const { return failed_; }
  /// Mean over nodes; negative before the first evaluation is complete.
  double latest_accuracy() const { return latest_accuracy_; }
  /// Mean over nodes in the same evaluation.
  double latest_loss() const { return latest_loss_; }
  /// One line; empty without a failure.
  const std::string& error() const { return error_; }
  /// The complete evaluations, with the bytes of the rounds that had ended by then, and the tests between two
  /// of them; in order of time.
  const std::vector<EvaluationPoint>& evaluated() const { return evaluated_; }
  const RunTotals& totals() const { return totals_; }
  const EnergyMeter& energy() const { return energy_; }

 private:
  struct RoundEnd {
    double at_s;
    std::uint64_t bytes;
    std::uint64_t rounds;  ///< 0: a server's, which is no round of training
    double joules;         ///< beyond those of an idle node

    void persist(StateArchive& archive) { archive(at_s, bytes, rounds, joules); }
    void add_to(EvaluationPoint& point) const {
      point.bytes_sent += static_cast<double>(bytes);
      point.rounds += rounds;
      point.round_joules += joules;
    }
  };

  /// Calls a function for each file, and notes failures.
  template <class Act>
  void with_tables(Act act);
  void persist_totals(StateArchive& archive);
  void count(const RoundEnd& round);
  /// Adds to a point the rounds that have ended since the one before.
  void count_since(const EvaluationPoint& before, EvaluationPoint& point) const;
  void write_curve(Time time, const EvaluationPoint& point);
  /// Of the rows since the last call; `averaged` is the last of them.
  EvaluationPoint point_of(const EvaluationRow& averaged);
  void keep(const EvaluationRow& row);
  void add_evaluation(Time time, EvaluationPoint point);
  void show_latest();

  std::string error_;
  std::atomic<bool> failed_{false};
  std::atomic<bool> has_enough_{false};
  std::atomic<double> latest_accuracy_{-1};
  std::atomic<double> latest_loss_{0};
  CurveOfRun curve_;
  EnergyMeter energy_;
  GrowingTable evaluations_;
  GrowingTable rounds_;
  GrowingTable links_;
  std::vector<EvaluationPoint> evaluated_;
  std::vector<Evaluation> node_results_;  ///< of the evaluation that is being added
  std::optional<Evaluation> server_result_;
  std::vector<RoundEnd> recent_rounds_;  ///< that end after the evaluation before the last
  bool crossed_ = false;                 ///< the refined target has been reached
  std::optional<Time> held_;             ///< of the last evaluation, whose row in curves.csv waits for those before it
  RunTotals totals_;
};

}  // namespace tardigrad
