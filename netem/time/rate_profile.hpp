/// The rate of a link over time.
#pragma once

#include <utility>

#include "netem/time/piecewise_constant.hpp"

namespace tardigrad {

/// A rate that changes in steps. Immutable and cheap to copy. A transfer in progress feels a change at once:
/// its remaining bytes pass at the new rate. A constant profile costs what a plain BitsPerSecond costs and
/// gives the very picoseconds of `transfer_time`.
class RateProfile {
 public:
  /// A constant rate. Implicit: a rate is the simplest profile.
  RateProfile(BitsPerSecond rate) : bits_(rate.value) {}
  /// In bit/s.
  explicit RateProfile(PiecewiseConstant bits_per_second) : bits_(std::move(bits_per_second)) {}

  BitsPerSecond at(Time time) const { return {bits_.at(time)}; }
  /// The first moment after `time` at which the rate may differ; `kNever` if there is none.
  Time next_change(Time time) const { return bits_.next_change(time); }
  bool is_constant() const { return bits_.is_constant(); }
  /// True if every transfer ends: the rate does not stay zero for ever.
  bool recovers() const { return bits_.recovers(); }

  /// The time at which the last of `size` bytes has passed, if the link serves nothing else from `begin` on;
  /// `kNever` if that never happens.
  Time end_of(Time begin, Bytes size) const { return bits_.reach(begin, bits(size)); }
  /// The latest begin whose `end_of` is not after `end`, to the rounding of a picosecond of service, but never
  /// before `not_before`, even if that is too late.
  Time latest_begin(Time end, Bytes size, Time not_before) const {
    return bits_.latest_begin(end, bits(size), not_before);
  }

  /// The product of this rate and a factor that changes over time; `until` is that of `product`.
  RateProfile scaled(const PiecewiseConstant& factor, Time until) const;

  const PiecewiseConstant& bits_per_second() const { return bits_; }

 private:
  static double bits(Bytes size) { return static_cast<double>(size) * 8.0; }

  PiecewiseConstant bits_;
};

}  // namespace tardigrad
