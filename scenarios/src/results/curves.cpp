#include "scenarios/src/results/curves.hpp"

#include <fstream>

#include "scenarios/src/results/result_columns.hpp"

namespace tardigrad {

void for_each_curves_row(const std::filesystem::path& folder, const RunFolder& runs,
                         const std::function<void(const std::string& row)>& take) {
  std::ifstream file(folder / curve_columns().file());
  std::string line;
  if (std::getline(file, line) && line + '\n' == curve_columns().header()) {
    while (std::getline(file, line) && !file.eof()) take(line + '\n');
    return;
  }
  for (const AlgorithmRuns& algorithm : runs.algorithms) {
    for (const SeedRun& run : algorithm.seeds) {
      for (const EvaluationPoint& point : run.evaluations) {
        take(curve_columns().row({algorithm.name, run.seed, from_seconds(point.time_s), point}));
      }
    }
  }
}

}  // namespace tardigrad
