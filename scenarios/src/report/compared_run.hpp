/// A run as comparison.csv has it: one row, and what its columns mean.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/report/ranking.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

/// A run's quotient of times to that of the baseline with the same seed.
struct SpeedUp {
  std::string times;
  std::string over;
};

/// One run, and what it is compared with. Refers to what it was made of.
struct ComparedRun {
  const std::string& scenario;
  const AlgorithmRuns& runs;
  const SeedRun& run;
  SpeedUp speed_up;

  const RunSummary& summary() const { return run.summary; }
};

/// `scenario`: the name of its folder.
ComparedRun compared_run(const Ranking& all, const RankedAlgorithm& own, const SeedRun& run,
                         const std::string& scenario);

/// The columns that the runs of these folders fill.
Columns<ComparedRun> comparison_columns(const std::vector<RunFolder>& folders);

/// Those of them that are measured, not chosen: what a run is told apart by, and what its numbers are relative to, is
/// left out.
std::vector<Column<ComparedRun>> measured_columns(const std::vector<RunFolder>& folders);

/// What all columns that there can be mean.
ColumnTexts comparison_column_texts();

}  // namespace tardigrad
