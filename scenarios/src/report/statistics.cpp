#include "scenarios/src/report/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

#include "scenarios/src/report/compared_run.hpp"
#include "scenarios/src/report/ranking.hpp"
#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

namespace {

using Numbers = std::vector<std::optional<double>>;

/// One row of statistics.csv.
struct StatisticsRow {
  std::string scenario;
  std::string algorithm;
  std::string figure;
  std::string unit;
  SeedStatistics over_seeds;
  std::string baseline;  ///< empty: none
  std::optional<PairedDifference> difference{};
};

std::string csv_number(const std::optional<double>& number) { return number ? fmt::format("{}", *number) : ""; }
std::optional<double> low(const std::optional<ConfidenceInterval>& interval) {
  return interval ? std::optional<double>(interval->low) : std::nullopt;
}
std::optional<double> high(const std::optional<ConfidenceInterval>& interval) {
  return interval ? std::optional<double>(interval->high) : std::nullopt;
}
std::optional<ConfidenceInterval> interval_of(const StatisticsRow& row) {
  return row.difference ? row.difference->interval : std::nullopt;
}
std::optional<double> difference_of(const StatisticsRow& row) {
  return row.difference && row.difference->seeds > 0 ? std::optional<double>(row.difference->mean) : std::nullopt;
}

const Columns<StatisticsRow>& statistics_columns() {
  using Row = StatisticsRow;
  static const Columns<Row> columns(
      "statistics.csv", "one measured number of an algorithm over its seeds",
      {{"scenario", "its name", [](const Row& row) { return csv_text(row.scenario); }},
       {"algorithm", "its name in the scenario", [](const Row& row) { return csv_text(row.algorithm); }},
       {"figure", "the column of comparison.csv", [](const Row& row) { return csv_text(row.figure); }},
       {"unit", "of all numbers behind", [](const Row& row) { return csv_text(row.unit); }},
       {"seeds", "of the algorithm; those of complete runs",
        [](const Row& row) { return fmt::format("{}", row.over_seeds.seeds); }, nullptr, "seeds"},
       {"known", "seeds that have the number: of a time to the target those that reached it",
        [](const Row& row) { return fmt::format("{}", row.over_seeds.known); }, nullptr, "seeds"},
       {"mean", "over seeds; empty: not all of them have the number",
        [](const Row& row) { return csv_number(row.over_seeds.mean); }},
       {"std", "standard deviation of the sample (n - 1)",
        [](const Row& row) { return csv_number(row.over_seeds.std); }},
       {"low_95", "lower end of the mean's 95 % interval, by Student's t",
        [](const Row& row) { return csv_number(low(row.over_seeds.interval)); }},
       {"high_95", "its upper end", [](const Row& row) { return csv_number(high(row.over_seeds.interval)); }},
       {"baseline", "the algorithm that [evaluation] baseline names; empty: none",
        [](const Row& row) { return csv_text(row.baseline); }},
       {"pairs", "seeds in which both have the number",
        [](const Row& row) { return row.difference ? fmt::format("{}", row.difference->seeds) : std::string(); },
        nullptr, "seeds"},
       {"difference", "mean over these of the algorithm's number minus the baseline's with the same seed",
        [](const Row& row) { return csv_number(difference_of(row)); }},
       {"difference_low_95", "lower end of its 95 % interval",
        [](const Row& row) { return csv_number(low(interval_of(row))); }},
       {"difference_high_95", "its upper end", [](const Row& row) { return csv_number(high(interval_of(row))); }}});
  return columns;
}

std::optional<double> number_in(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(number)) return std::nullopt;
  return number;
}

/// The rows of all algorithms of all folders, with the index of each row's folder.
class Statistics {
 public:
  explicit Statistics(const std::vector<RunFolder>& folders)
      : folders_(folders),
        all_(ranking_of(folders)),
        names_(folder_labels(folders)),
        columns_(measured_columns(folders)) {
    for (const RankedAlgorithm& s : all_.ranked) standing_of_[s.runs] = &s;
  }

  template <class Take>
  void for_each_row(Take take) const {
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      for (const AlgorithmRuns& runs : folders_[i].algorithms) {
        for (const Column<ComparedRun>& column : columns_) {
          const StatisticsRow row = row_of(*standing_of_.at(&runs), column, names_[i]);
          if (row.over_seeds.known > 0) take(i, *standing_of_.at(&runs), row);
        }
      }
    }
  }

 private:
  std::optional<double> number_of(const RankedAlgorithm& s, const Column<ComparedRun>& column,
                                  const SeedRun& run) const {
    return number_in(column.text(compared_run(all_, s, run, s.folder_label)));
  }

  StatisticsRow row_of(const RankedAlgorithm& s, const Column<ComparedRun>& column, const std::string& scenario) const {
    Numbers numbers;
    for (const SeedRun* run : s.seeds) numbers.push_back(number_of(s, column, *run));
    StatisticsRow row{scenario, s.runs->name, column.name, column.unit, statistics_of(numbers), ""};
    const Contest& contest = all_.contests[s.contest];
    if (contest.named_baseline.empty() || !contest.baseline) return row;
    const RankedAlgorithm& baseline = all_.ranked[*contest.baseline];
    row.baseline = baseline.runs->name;
    if (&baseline == &s) return row;
    row.difference =
        paired_difference(differences(baseline, s, [&](const SeedRun& run) { return number_of(s, column, run); }), 0);
    return row;
  }

  const std::vector<RunFolder>& folders_;
  Ranking all_;
  std::vector<std::string> names_;
  std::vector<Column<ComparedRun>> columns_;
  std::map<const AlgorithmRuns*, const RankedAlgorithm*> standing_of_;
};

std::string shown(const std::optional<double>& number) { return number ? fmt::format("{:.5g}", *number) : "-"; }
std::string shown(const std::optional<ConfidenceInterval>& interval) {
  return interval ? fmt::format("{:.5g} to {:.5g}", interval->low, interval->high) : "-";
}

}  // namespace

SeedStatistics statistics_of(const Numbers& numbers) {
  SeedStatistics found;
  found.seeds = numbers.size();
  std::vector<double> known;
  for (const std::optional<double>& number : numbers) {
    if (number) known.push_back(*number);
  }
  found.known = known.size();
  if (known.empty() || found.known < found.seeds) return found;
  const auto count = static_cast<double>(known.size());
  double sum = 0;
  for (const double number : known) sum += number;
  found.mean = sum / count;
  if (known.size() < 2) return found;
  double squares = 0;
  for (const double number : known) squares += (number - *found.mean) * (number - *found.mean);
  found.std = std::sqrt(squares / (count - 1));
  found.interval = confidence_interval(known);
  return found;
}

std::string statistics_csv(const std::vector<RunFolder>& folders, const FolderColumns& columns) {
  std::string csv = csv_prefix(columns.titles) + statistics_columns().header();
  Statistics(folders).for_each_row([&](std::size_t folder, const RankedAlgorithm&, const StatisticsRow& row) {
    if (!columns.titles.empty()) csv += csv_prefix(columns.fields[folder]);
    csv += statistics_columns().row(row);
  });
  return csv;
}

ColumnTexts statistics_column_texts() { return statistics_columns().texts(); }

FindingsTable statistics_table(const std::vector<RunFolder>& folders) {
  FindingsTable table;
  bool has_differences = false;
  Statistics(folders).for_each_row([&](std::size_t, const RankedAlgorithm& s, const StatisticsRow& row) {
    if (row.over_seeds.seeds < 2) return;
    const std::string name = row.unit.empty() ? row.figure : fmt::format("{} ({})", row.figure, row.unit);
    table.rows.push_back({s.label, name, fmt::format("{} of {}", row.over_seeds.known, row.over_seeds.seeds),
                          shown(row.over_seeds.mean), shown(row.over_seeds.std), shown(row.over_seeds.interval),
                          shown(difference_of(row)), shown(interval_of(row))});
    has_differences = has_differences || row.difference.has_value();
  });
  table.titles = {"algorithm", "figure", "seeds", "mean", "std", "95 % interval", "from the baseline", "95 % interval"};
  if (has_differences) return table;
  const std::size_t shown_columns = table.titles.size() - 2;
  table.titles.resize(shown_columns);
  for (auto& row : table.rows) row.resize(shown_columns);
  return table;
}

}  // namespace tardigrad
