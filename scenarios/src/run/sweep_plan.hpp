/// What a sweep runs: every combination of the values that the user gives some keys, each of them in a
/// folder of its own, and which of them an earlier sweep has left finished.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// One `--set KEY=VALUE,VALUE`.
struct SweepAxis {
  std::string key;
  std::vector<std::string> values;  ///< as typed, without blanks around; at least one, no two the same
};

struct SweepAxesResult {
  std::vector<SweepAxis> axes;
  std::string error;  ///< one line, else empty
};

/// Commas separate values, but not inside of [ ], { } and quotes. No key may come twice, and all
/// combinations are at most 10,000.
SweepAxesResult parse_sweep_axes(const std::vector<std::string>& sets);

/// The axes that tell points apart: those of several values; all where there is no such axis.
std::vector<SweepAxis> telling_axes(const std::vector<SweepAxis>& axes);

struct SweepPoint {
  /// Of its folder: "learning_rate=0.1,uplink=30Mbps", the telling axes with the shortest ends of their
  /// keys that differ, and nothing but letters, digits and the signs . _ + - , = in it. Begins with a letter
  /// or digit, unique among the points, at most 200 characters.
  std::string name;
  std::vector<std::string> overrides;  ///< as `--set` of a run takes them, in the axes' order
  std::vector<std::string> values;     ///< of the telling axes
};

/// The last axis's values change fastest.
std::vector<SweepPoint> sweep_points(const std::vector<SweepAxis>& axes);

/// What a point's folder holds.
enum class PointState {
  open,      ///< nothing, or part of this scenario's run: to be run
  finished,  ///< all of this scenario's runs, none of them partial
  foreign    ///< runs of another scenario
};

/// Reads scenario.toml and the summaries in `folder`, which may not exist.
PointState state_of_point(const std::filesystem::path& folder, const Scenario& scenario);

}  // namespace tardigrad
