/// Factors over time, to be multiplied with a link's rate or a node's pace: stragglers that come and
/// go, outages, pauses.
#pragma once

#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/time/piecewise_constant.hpp"

namespace tardigrad {

/// [begin, end). An end of `kNever` means that the interval does not end.
struct Interval {
  Time begin;
  Time end;
};

/// `factor` during the intervals, 1 outside. Intervals may overlap (the factor applies once) and come in any
/// order; an empty one has no effect. Needs begin >= 0.
PiecewiseConstant during(const std::vector<Interval>& intervals, double factor);

/// A two-state Markov process in continuous time: exponentially distributed stays in either state.
struct OnOff {
  Time mean_on;
  Time mean_off;
};

/// The shortest mean stay that `on_intervals` accepts, so that a run's stays fit into memory.
inline constexpr Time kShortestMeanStay = std::chrono::milliseconds(1);

/// The stays in state "on" that begin before `until`, the last one cut there. The process is stationary: it is
/// on at time zero with probability mean_on / (mean_on + mean_off). Means below `kShortestMeanStay` break an
/// invariant (std::invalid_argument).
std::vector<Interval> on_intervals(const OnOff& process, Time until, RandomStream stream);

}  // namespace tardigrad
