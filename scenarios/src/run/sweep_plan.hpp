/// The points of a sweep: every combination of the given values of some keys, each in a folder of its own, and
/// the state in which an earlier sweep has left them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// One `--set KEY=VALUE,VALUE`.
struct SweepAxis {
  std::string key;
  std::vector<std::string> values;  ///< as typed, without surrounding blanks; at least one, no two the same
};

struct SweepAxesResult {
  std::vector<SweepAxis> axes;
  std::string error;  ///< one line, else empty
};

/// Commas separate values, but not inside of [ ], { } and quotes. No key may come twice, and there are at most
/// 10,000 combinations.
SweepAxesResult parse_sweep_axes(const std::vector<std::string>& sets);

/// The axes that distinguish points: those of several values; all if there is no such axis.
std::vector<SweepAxis> telling_axes(const std::vector<SweepAxis>& axes);

struct SweepPoint {
  /// The name of its folder: "learning_rate=0.1,uplink=30Mbps", the telling axes with the shortest ends of
  /// their keys that differ, of letters, digits and the signs . _ + - , = only. Begins with a letter or digit,
  /// unique among the points, at most 200 characters.
  std::string name;
  std::vector<std::string> overrides;  ///< in the form of a run's `--set`, in the axes' order
  std::vector<std::string> values;     ///< of the telling axes
};

/// The last axis's values change fastest.
std::vector<SweepPoint> sweep_points(const std::vector<SweepAxis>& axes);

/// The content of a point's folder.
enum class PointState {
  open,      ///< nothing, or part of this scenario's run: to be run
  finished,  ///< all of this scenario's runs, none of them partial
  foreign    ///< runs of another scenario
};

/// Reads scenario.toml and the summaries in `folder`, which may not exist.
PointState state_of_point(const std::filesystem::path& folder, const Scenario& scenario);

}  // namespace tardigrad
