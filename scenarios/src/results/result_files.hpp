/// The files of one algorithm and seed (DESIGN, section 10), written while the run goes on.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/record/recorder.hpp"
#include "scenarios/src/results/evaluation_point.hpp"
#include "scenarios/src/results/growing_table.hpp"

namespace tardigrad {

/// Sums over a run.
struct RunTotals {
  std::uint64_t rounds = 0;
  std::uint64_t mixed = 0;
  std::uint64_t staleness_sum = 0;
  std::uint64_t missed = 0;
  Traffic sent;       ///< transmitted by uplinks, retransmissions included
  Traffic flushed;    ///< dropped by senders before they were transmitted
  Traffic lost;       ///< on links
  Traffic to_absent;  ///< dropped because the receiver was away
  Traffic delivered;
  /// When a model's loss was first found not to be finite.
  std::optional<double> diverged_s;

  void persist(StateArchive& archive);
};

/// Where the run's rows of curves.csv go, and what they are told apart by.
struct CurveOfRun {
  GrowingTable& curves;
  std::string algorithm;
  std::uint64_t seed = 0;
  /// When it is first reached, models between that evaluation and the one before are tested, too. None: they are not.
  std::optional<Target> refined{};
};

/// Writes evaluations.csv, rounds.csv and links.csv, and the run's rows of curves.csv. No wall-clock figure goes in:
/// repeated runs in virtual time write the same bytes. The first failure to write is kept. While a run goes on, other
/// threads may ask for `failed`, `latest_accuracy` and `latest_loss` only.
class ResultFiles final : public RecordSink {
 public:
  /// Creates `folder` and the files with their header lines; or, if the files were saved, goes on with them as they
  /// were then: what has been written since is cut off.
  ResultFiles(const std::filesystem::path& folder, CurveOfRun curve, StateArchive* saved = nullptr);

  void add(const RoundRecord& record) override;
  void add(const EvaluationRow& row) override;
  void add(const LinkRow& row) override;
  void commit() override;
  bool looks_between() override { return crossed_; }
  void add_between(const std::vector<EvaluationRow>& rows) override;
  /// The run is over: a row of curves.csv that was held back for others before it is written, too.
  void finish();
  /// Saves how far they are; what has been written is on disk then.
  void save(StateArchive& archive);

  bool failed() const { return failed_; }
  /// Mean over nodes; negative before the first evaluation is complete.
  double latest_accuracy() const { return latest_accuracy_; }
  /// Of the same evaluation.
  double latest_loss() const { return latest_loss_; }
  /// One line, empty as long as all is well.
  const std::string& error() const { return error_; }
  /// The evaluations that are complete, with the bytes of the rounds that had ended by then, and what was tested
  /// between two of them; in order of time.
  const std::vector<EvaluationPoint>& evaluated() const { return evaluated_; }
  const RunTotals& totals() const { return totals_; }

 private:
  struct RoundEnd {
    double at_s;
    std::uint64_t bytes;

    void persist(StateArchive& archive) { archive(at_s, bytes); }
  };

  /// Does something with each file, and sees whether it went well.
  template <class Act>
  void with_tables(Act act);
  void persist_totals(StateArchive& archive);
  void count(const RoundEnd& round);
  /// Adds to a point the rounds that have ended since the one before.
  void count_since(const EvaluationPoint& before, EvaluationPoint& point) const;
  void write_curve(Time time, const EvaluationPoint& point);
  void add_evaluation(Time time, EvaluationPoint point);
  void show_latest();

  std::string error_;
  std::atomic<bool> failed_{false};
  std::atomic<double> latest_accuracy_{-1};
  std::atomic<double> latest_loss_{0};
  CurveOfRun curve_;
  GrowingTable evaluations_;
  GrowingTable rounds_;
  GrowingTable links_;
  std::vector<EvaluationPoint> evaluated_;
  std::vector<Evaluation> node_results_;  ///< of the evaluation that is being added
  std::vector<RoundEnd> recent_rounds_;   ///< that end after the evaluation before the last
  bool crossed_ = false;                  ///< the refined target has been reached
  std::optional<Time> held_;  ///< of the last evaluation, whose row in curves.csv waits for what was before it
  RunTotals totals_;
};

/// Which sign a NaN has tells nothing, and is the processor's choice.
double without_sign_of_nan(double value);

/// Seconds in exact decimal: a Time has twelve places, trailing zeros are left out.
std::string seconds_text(Time time);

}  // namespace tardigrad
