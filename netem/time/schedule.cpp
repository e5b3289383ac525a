#include "netem/time/schedule.hpp"

#include <stdexcept>

namespace tardigrad {
namespace {

/// Intervals in ascending order that do not touch.
std::vector<Interval> merged(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> apart;
  for (const Interval& interval : intervals) {
    if (interval.end <= interval.begin) continue;
    if (!apart.empty() && interval.begin <= apart.back().end) {
      apart.back().end = std::max(apart.back().end, interval.end);
    } else {
      apart.push_back(interval);
    }
  }
  return apart;
}

}  // namespace

PiecewiseConstant during(const std::vector<Interval>& intervals, double factor) {
  std::vector<PiecewiseConstant::Step> steps;
  const auto from = [&](Time begin, double value) {
    if (begin < kNever) steps.push_back({begin, value});
  };
  for (const Interval& interval : merged(intervals)) {
    if (steps.empty() && interval.begin > Time{}) from(Time{}, 1);
    from(interval.begin, factor);
    from(interval.end, 1);
  }
  return steps.empty() ? PiecewiseConstant(1) : PiecewiseConstant::held(steps);
}

std::vector<Interval> on_intervals(const OnOff& process, Time until, RandomStream stream) {
  if (process.mean_on < kShortestMeanStay || process.mean_off < kShortestMeanStay) {
    throw std::invalid_argument("a mean stay is at least a millisecond");
  }
  const double on = to_seconds(process.mean_on);
  const double off = to_seconds(process.mean_off);
  const auto stay = [&](double mean) { return from_seconds(mean * stream.exponential()); };
  std::vector<Interval> intervals;
  // Stays have no memory: the rest of the one in progress at zero is distributed as a whole stay.
  Time at = stream.uniform() * (on + off) < on ? Time{} : stay(off);
  while (at < until) {
    const Time end = std::min(until, at + stay(on));
    intervals.push_back({at, end});
    at = end + stay(off);
  }
  return intervals;
}

}  // namespace tardigrad
