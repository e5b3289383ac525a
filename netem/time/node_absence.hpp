/// Churn: the times at which a node is away. The callers decide what absence means (no sending, no receiving,
/// no training).
#pragma once

#include <vector>

#include "netem/base/units.hpp"
#include "netem/time/schedule.hpp"

namespace tardigrad {

class NodeAbsence {
 public:
  /// The node is never away.
  NodeAbsence() : present_(1) {}
  explicit NodeAbsence(const std::vector<Interval>& away) : present_(during(away, 0)) {}
  /// Draws absences for one node: state `on` of the process means away. After `until` the node is present.
  static NodeAbsence drawn(const OnOff& away, Time until, std::uint64_t seed, NodeId node);

  bool away_at(Time time) const { return present_.at(time) == 0; }
  /// The next arrival or departure after `time`; `kNever` if there is none.
  Time next_change(Time time) const { return present_.next_change(time); }
  /// The next departure after `time` of a node that was present; `kNever` if there is none.
  Time next_leaving(Time time) const;
  bool ever() const { return !present_.is_constant() || away_at(Time{}); }
  /// True if the node returns from every absence.
  bool returns() const { return present_.recovers(); }
  /// 1 while the node is present, 0 while it is away: a factor for its links' rates and its pace.
  const PiecewiseConstant& presence() const { return present_; }
  /// How long the node is present in this interval.
  double present_seconds(Time begin, Time end) const {
    return ever() ? present_.integral(begin, end) : to_seconds(end - begin);
  }

 private:
  PiecewiseConstant present_;
};

/// The same of one of several nodes; those behind are always present.
inline double present_seconds(const std::vector<NodeAbsence>& absences, NodeId node, Time begin, Time end) {
  return node < absences.size() ? absences[node].present_seconds(begin, end) : to_seconds(end - begin);
}

}  // namespace tardigrad
