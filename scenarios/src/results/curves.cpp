#include "scenarios/src/results/curves.hpp"

#include <fstream>

#include "scenarios/src/results/result_columns.hpp"

namespace tardigrad {

void for_each_curves_row(const std::filesystem::path& folder, const RunFolder& runs, bool has_servers,
                         const std::function<void(const std::string& row)>& take) {
  const Columns<CurveRow>& columns = curve_columns(has_servers);
  std::ifstream file(folder / columns.file());
  std::string line;
  if (std::getline(file, line) && line + '\n' == columns.header()) {
    while (std::getline(file, line) && !file.eof()) take(line + '\n');
    return;
  }
  for (const AlgorithmRuns& algorithm : runs.algorithms) {
    for (const SeedRun& run : algorithm.seeds) {
      for (const EvaluationPoint& point : run.evaluations) {
        take(columns.row({algorithm.name, run.seed, from_seconds(point.time_s), point}));
      }
    }
  }
}

}  // namespace tardigrad
