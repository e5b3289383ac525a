/// The files of one algorithm and seed (DESIGN, section 10), written while the run goes on.
#pragma once

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/recorder.hpp"
#include "scenarios/src/evaluation_point.hpp"
#include "scenarios/src/open_file.hpp"

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

/// Writes evaluations.csv, rounds.csv and links.csv. No wall-clock figure goes in: repeated runs in
/// virtual time write the same bytes. The first failure to write is kept and nothing is written after
/// it. While a run goes on, other threads may ask for `failed`, `latest_accuracy` and
/// `latest_loss` only.
class ResultFiles final : public RecordSink {
 public:
  /// Creates `folder` and the files with their header lines; or, if the files were saved, goes on with them as they
  /// were then: what has been written since is cut off.
  explicit ResultFiles(const std::filesystem::path& folder, StateArchive* saved = nullptr);

  void add(const RoundRecord& record) override;
  void add(const EvaluationRow& row) override;
  void add(const LinkRow& row) override;
  void commit() override;
  /// Saves how far they are; what has been written is on disk then.
  void save(StateArchive& archive);

  bool failed() const { return failed_; }
  /// Mean over nodes; negative before the first evaluation is complete.
  double latest_accuracy() const { return latest_accuracy_; }
  /// Of the same evaluation.
  double latest_loss() const { return latest_loss_; }
  /// One line, empty as long as all is well.
  const std::string& error() const { return error_; }
  /// The evaluations that are complete, with the bytes of the rounds that had ended by then.
  const std::vector<EvaluationPoint>& evaluated() const { return evaluated_; }
  const RunTotals& totals() const { return totals_; }

 private:
  struct Table {
    std::filesystem::path path;
    OpenFile file;
  };

  struct RoundBytes {
    double end_s;
    std::uint64_t bytes;

    void persist(StateArchive& archive) { archive(end_s, bytes); }
  };

  Table open(const std::filesystem::path& path, const char* header);
  Table reopen(const std::filesystem::path& path, StateArchive& saved);
  void save_length(Table& table, StateArchive& archive);
  void persist_totals(StateArchive& archive);
  void write(Table& table, const std::string& line);
  void flush(Table& table);
  void fail(const Table& table);
  void fail(const Table& table, const std::string& why);
  void count_bytes(double end_s, std::uint64_t bytes);
  void add_evaluation(EvaluationPoint point);
  void show_latest();

  std::string error_;
  std::atomic<bool> failed_{false};
  std::atomic<double> latest_accuracy_{-1};
  std::atomic<double> latest_loss_{0};
  Table evaluations_;
  Table rounds_;
  Table links_;
  std::vector<EvaluationPoint> evaluated_;
  std::vector<Evaluation> node_results_;  ///< of the evaluation that is being added
  std::vector<RoundBytes> later_bytes_;   ///< of rounds that end after the last evaluation
  RunTotals totals_;
};

/// Seconds in exact decimal: a Time has twelve places, trailing zeros are left out.
std::string seconds_text(Time time);

}  // namespace tardigrad
