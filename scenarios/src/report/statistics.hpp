/// Every measured number over seeds: mean, standard deviation, 95 % interval, and the difference from the baseline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/report/findings.hpp"
#include "scenarios/src/report/paired_difference.hpp"
#include "scenarios/src/text/columns.hpp"

namespace tardigrad {

/// One number over the seeds of an algorithm. Of a number that some seeds do not have (they did not reach the target)
/// there is no mean, which would be that of the others alone.
struct SeedStatistics {
  std::size_t seeds = 0;  ///< that count
  std::size_t known = 0;  ///< that have the number
  std::optional<double> mean;
  std::optional<double> std;                   ///< of the sample; from two seeds on
  std::optional<ConfidenceInterval> interval;  ///< of the mean, by Student's t; the same
};

/// The numbers of the seeds, missing where a seed has none.
SeedStatistics statistics_of(const std::vector<std::optional<double>>& numbers);

/// One row for each algorithm and measured column of comparison.csv, in the order of the folders, of the algorithms in
/// each and of the columns; columns in which an algorithm has no number are left out. Differences are those of runs
/// with the same seed, from the baseline that the scenario names; without one there are none. `columns` come first.
std::string statistics_csv(const std::vector<RunFolder>& folders, const FolderColumns& columns = {});

/// What its columns mean.
ColumnTexts statistics_column_texts();

/// The same for readers, of algorithms with several seeds. No rows without any.
FindingsTable statistics_table(const std::vector<RunFolder>& folders);

}  // namespace tardigrad
