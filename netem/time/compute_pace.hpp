/// The speed of a node's computations over time.
#pragma once

#include <utility>

#include "netem/time/piecewise_constant.hpp"

namespace tardigrad {

/// A pace of 1 is the usual one, 0.25 is four times slower, 0 is a pause. A round in progress feels a change at
/// once.
class ComputePace {
 public:
  /// The pace is the usual one throughout.
  ComputePace() : pace_(1) {}
  explicit ComputePace(PiecewiseConstant pace) : pace_(std::move(pace)) {}

  double at(Time time) const { return pace_.at(time); }
  /// True if every round ends: no pause lasts for ever.
  bool recovers() const { return pace_.recovers(); }

  /// The moment at which work is done that takes `nominal` at the usual pace; `kNever` if the work is never
  /// done.
  Time end_of(Time begin, Time nominal) const {
    if (pace_.is_constant() && pace_.at(begin) == 1) return std::min(kNever, begin + nominal);
    return pace_.reach(begin, to_seconds(nominal));
  }

  /// The product of this pace and a factor that changes over time; `until` is that of `product`.
  ComputePace scaled(const PiecewiseConstant& factor, Time until) const {
    return ComputePace(product(pace_, factor, until));
  }

  const PiecewiseConstant& pace() const { return pace_; }

 private:
  PiecewiseConstant pace_;
};

}  // namespace tardigrad
