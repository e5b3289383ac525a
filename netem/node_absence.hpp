/// Churn: when a node is away. What it means to be away (no sending, no receiving, no training) is for
/// those who ask.
#pragma once

#include "netem/schedule.hpp"
#include "netem/units.hpp"

namespace tardigrad {

class NodeAbsence {
 public:
  /// Never away.
  NodeAbsence() : present_(1) {}
  explicit NodeAbsence(const std::vector<Interval>& away) : present_(during(away, 0)) {}
  /// `on` is away. Drawn for each node of its own, up to `until`, from which on it is there.
  static NodeAbsence drawn(const OnOff& away, Time until, std::uint64_t seed, NodeId node);

  bool away_at(Time time) const { return present_.at(time) == 0; }
  /// The next coming or going after `time`; `kNever` if there is none.
  Time next_change(Time time) const { return present_.next_change(time); }
  /// The next moment after `time` at which it leaves, having been there; `kNever` if there is none.
  Time next_leaving(Time time) const;
  bool ever() const { return !present_.is_constant() || away_at(Time{}); }
  /// Whether it comes back every time.
  bool returns() const { return present_.recovers(); }
  /// 1 while the node is there, 0 while it is away: a factor for its links' rates and its pace.
  const PiecewiseConstant& presence() const { return present_; }

 private:
  PiecewiseConstant present_;
};

}  // namespace tardigrad
