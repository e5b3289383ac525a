/// `tardigrad sweep`: a run for every combination of some values, several at once, and their results in one
/// table, one CSV file and one report.
///
///   DIR/<point>/         the results of a run
///   DIR/logs/<point>     the output of that run
///   DIR/sweep.csv        a row per point, algorithm and seed, of the points that are finished
///   DIR/report.html      of the same
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/system/exit_code.hpp"

namespace tardigrad {

/// Tells the run of a point that its folder lies in that of the sweep which has started it.
inline constexpr const char* kInsideSweep = "--inside-sweep";

struct SweepSettings {
  std::filesystem::path program;     ///< that runs a point: `program run SCENARIO ...`
  std::string scenario;              ///< the file
  std::vector<std::string> sets;     ///< KEY=VALUE,VALUE
  std::vector<std::uint64_t> seeds;  ///< of every point; empty: the scenario's
  unsigned threads = 1;              ///< divided among the points that run at once
  unsigned jobs = 0;                 ///< points that run at once; 0: as many as cores and memory allow
  std::filesystem::path out;         ///< empty: results/<name of the scenario>-sweep
  bool force = false;                ///< run finished points again, replace those of another scenario
  /// Keys of `sets` of which every algorithm is reported at its best value alone, as found on the tuning seeds.
  std::vector<std::string> best_of{};
  std::vector<std::uint64_t> tuning_seeds{};
  bool inside = false;  ///< the folder lies in one that this process holds
};

struct SweepOutcome {
  ExitCode code = exit_done;
  std::string problem;  ///< one line, or empty
};

/// Checks all points, runs those that are not finished, and prints progress on stderr and results on stdout. A
/// point that fails stops no other one. Nothing is written if a point is wrong.
SweepOutcome run_sweep(const SweepSettings& settings);

}  // namespace tardigrad
