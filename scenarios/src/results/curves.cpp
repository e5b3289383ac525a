#include "scenarios/src/results/curves.hpp"

#include <fmt/format.h>

#include <fstream>

#include "scenarios/src/results/result_files.hpp"
#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

namespace {

std::string figure_text(const FigureOverNodes& figure) {
  std::string text;
  for (const double value : {figure.mean, figure.std, figure.min, figure.max, figure.averaged_model}) {
    text += fmt::format(",{:.9g}", without_sign_of_nan(value));
  }
  return text;
}

}  // namespace

std::string curves_header() {
  std::string header = "algorithm,seed,time_s,bytes,rounds,refined";
  for (const char* figure : {"accuracy", "loss"}) {
    for (const char* over_nodes : {"mean", "std", "min", "max", "averaged"}) {
      header += fmt::format(",{}_{}", figure, over_nodes);
    }
  }
  return header + '\n';
}

std::string curves_row(const std::string& algorithm, std::uint64_t seed, Time time, const EvaluationPoint& point) {
  return fmt::format("{},{},{},{:.0f},{},{}{}{}\n", csv_text(algorithm), seed, seconds_text(time), point.bytes_sent,
                     point.rounds, point.refined ? 1 : 0, figure_text(point.accuracy), figure_text(point.loss));
}

void for_each_curves_row(const std::filesystem::path& folder, const RunFolder& runs,
                         const std::function<void(const std::string& row)>& take) {
  std::ifstream file(folder / kCurvesName);
  std::string line;
  if (std::getline(file, line) && line + '\n' == curves_header()) {
    while (std::getline(file, line) && !file.eof()) take(line + '\n');
    return;
  }
  for (const AlgorithmRuns& algorithm : runs.algorithms) {
    for (const SeedRun& run : algorithm.seeds) {
      for (const EvaluationPoint& point : run.evaluations) {
        take(curves_row(algorithm.name, run.seed, from_seconds(point.time_s), point));
      }
    }
  }
}

}  // namespace tardigrad
