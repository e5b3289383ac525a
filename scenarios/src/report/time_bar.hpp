/// An algorithm's time to the target as a bar of a chart.
#pragma once

#include <optional>
#include <string>

#include "scenarios/src/report/ranking.hpp"

namespace tardigrad {

struct TimeBar {
  /// The mean over seeds; of a bound, the bound. None unless every seed has reached the target.
  std::optional<double> end_s;
  bool is_bound = false;  ///< reached before `end_s`, and more is not known
  double min_s = 0;       ///< over seeds; of a bound, the bound
  double max_s = 0;
  std::string text;  ///< beside the bar, or in its place
};

TimeBar time_bar(const RankedAlgorithm& algorithm);

}  // namespace tardigrad
