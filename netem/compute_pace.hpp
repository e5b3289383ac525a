/// How fast a node computes over time.
#pragma once

#include <utility>

#include "netem/piecewise_constant.hpp"

namespace tardigrad {

/// 1 is the usual pace, 0.25 four times slower, 0 a pause. A round in progress feels a change at once.
class ComputePace {
 public:
  /// The usual pace throughout.
  ComputePace() : pace_(1) {}
  explicit ComputePace(PiecewiseConstant pace) : pace_(std::move(pace)) {}

  double at(Time time) const { return pace_.at(time); }
  /// Whether every round ends: the node is not paused for ever from some moment on.
  bool recovers() const { return pace_.recovers(); }

  /// When work that takes `nominal` at the usual pace is done; `kNever` if never.
  Time end_of(Time begin, Time nominal) const {
    if (pace_.is_constant() && pace_.at(begin) == 1) return std::min(kNever, begin + nominal);
    return pace_.reach(begin, to_seconds(nominal));
  }

  /// This pace times a factor that changes over time; `until` as in `product`.
  ComputePace scaled(const PiecewiseConstant& factor, Time until) const {
    return ComputePace(product(pace_, factor, until));
  }

  const PiecewiseConstant& pace() const { return pace_; }

 private:
  PiecewiseConstant pace_;
};

}  // namespace tardigrad
