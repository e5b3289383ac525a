/// A number that changes over time in steps: a link's rate, a node's pace, what is left of either.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "netem/units.hpp"

namespace tardigrad {

/// A finite function of time, never negative. Immutable; a copy shares its steps, and a constant has
/// none. Times before the run's start count as its start.
///
/// The two inverses of the integral say when work is done that proceeds at this pace: work in
/// progress feels every change at once, and no event is needed for it.
class PiecewiseConstant {
 public:
  struct Step {
    Time begin;
    double value;
  };

  explicit PiecewiseConstant(double value) : value_(value) {}
  /// The last value stays for ever. At least one step, the first at zero, strictly ascending, values
  /// finite and not negative: anything else breaks an invariant (std::invalid_argument).
  static PiecewiseConstant held(const std::vector<Step>& steps);
  /// The steps begin anew every `period`, which is longer than the last of them begins.
  static PiecewiseConstant looped(const std::vector<Step>& steps, Time period);

  bool is_constant() const { return !shape_; }
  bool is_looped() const { return shape_ && shape_->period != kNever; }
  double at(Time time) const { return is_constant() ? value_ : stretch_at(time).value; }
  double highest() const;
  double lowest() const;
  /// The first moment after `time` at which the value may be another; `kNever` if there is none.
  Time next_change(Time time) const { return is_constant() ? kNever : stretch_at(time).end; }
  /// Whether there is a value above zero after every moment: work that begins will end.
  bool recovers() const;

  /// In value times seconds.
  double integral(Time begin, Time end) const;
  /// The first moment at which `amount` (value times seconds) has accumulated since `begin`, to the
  /// picosecond; for zero, the first at which anything could. `kNever` if there is none.
  Time reach(Time begin, double amount) const {
    if (!is_constant()) return walk_to(begin, amount);
    return value_ > 0 ? std::min(kNever, begin + from_seconds(amount / value_)) : kNever;
  }
  /// The latest moment from which `amount` has accumulated by `end`, but not earlier than
  /// `not_before` (also when that is too late).
  Time latest_begin(Time end, double amount, Time not_before) const {
    if (!is_constant()) return walk_back(end, amount, not_before);
    return value_ > 0 ? std::max(not_before, end - from_seconds(amount / value_)) : not_before;
  }

  PiecewiseConstant scaled(double factor) const;

 private:
  struct Shape {
    std::vector<Step> steps;
    Time period;   // kNever: held
    double whole;  // integral over a period
  };
  /// A piece: [begin, end) with one value.
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

/// Exact, except where both vary and one of them is looped: then up to `until` (the run's end, past
/// which nobody looks), and after that both count at their highest, or as zero for ever where one of
/// them does not recover.
PiecewiseConstant product(const PiecewiseConstant& a, const PiecewiseConstant& b, Time until);

}  // namespace tardigrad
