/// A number that changes over time in steps: a link's rate, a node's pace, or a factor of either.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// A finite function of time, never negative. Immutable; a copy shares its steps, and a constant has none.
/// Times before the run's start count as its start.
///
/// The two inverses of the integral give the time at which work at this pace is done: work in progress feels
/// every change at once, and needs no event for it.
class PiecewiseConstant {
 public:
  struct Step {
    Time begin;
    double value;
  };

  explicit PiecewiseConstant(double value) : value_(value) {}
  /// The last value stays for ever. Needs at least one step, the first at zero, strictly ascending times, and
  /// values that are finite and not negative; anything else breaks an invariant (std::invalid_argument).
  static PiecewiseConstant held(const std::vector<Step>& steps);
  /// The steps begin anew every `period`, which must be longer than the beginning of the last step.
  static PiecewiseConstant looped(const std::vector<Step>& steps, Time period);

  bool is_constant() const { return !shape_; }
  bool is_looped() const { return shape_ && shape_->period != kNever; }
  double at(Time time) const { return is_constant() ? value_ : stretch_at(time).value; }
  double highest() const;
  double lowest() const;
  /// The first moment after `time` at which the value may differ; `kNever` if there is none.
  Time next_change(Time time) const { return is_constant() ? kNever : stretch_at(time).end; }
  /// True if the value is above zero again after every moment: all work ends.
  bool recovers() const;

  /// In value times seconds.
  double integral(Time begin, Time end) const;
  /// The first moment at which `amount` (value times seconds) has accumulated since `begin`, to the picosecond;
  /// for an amount of zero, the first moment with a value above zero. `kNever` if there is none.
  Time reach(Time begin, double amount) const {
    if (!is_constant()) return walk_to(begin, amount);
    return value_ > 0 ? std::min(kNever, begin + from_seconds(amount / value_)) : kNever;
  }
  /// The latest moment from which `amount` accumulates by `end`, but never before `not_before`, even if that is
  /// too late.
  Time latest_begin(Time end, double amount, Time not_before) const {
    if (!is_constant()) return walk_back(end, amount, not_before);
    return value_ > 0 ? std::max(not_before, end - from_seconds(amount / value_)) : not_before;
  }

  PiecewiseConstant scaled(double factor) const;

 private:
  struct Shape {
    std::vector<Step> steps;
    Time period;   // kNever: the last value is held
    double whole;  // integral over a period
  };
  /// A stretch [begin, end) of one value.
  struct Stretch {
    Time begin;
    Time end;
    double value;
  };

  static PiecewiseConstant from_steps(const std::vector<Step>& steps, Time period);
  Stretch stretch_at(Time time) const;
  Time walk_to(Time begin, double amount) const;
  Time walk_back(Time end, double amount, Time not_before) const;

  double value_ = 0;
  std::shared_ptr<const Shape> shape_;  // none: the constant value_
};

/// Exact, except where both factors vary and one of them is looped: then exact up to `until` (the run's end,
/// beyond which nothing is asked); afterwards both count at their highest value, or as zero for ever if one of
/// them does not recover.
PiecewiseConstant product(const PiecewiseConstant& a, const PiecewiseConstant& b, Time until);

}  // namespace tardigrad
