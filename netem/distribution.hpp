/// A random duration, never negative: how long a local step takes, how long a node waits before it starts.
#pragma once

#include "netem/random_stream.hpp"
#include "netem/units.hpp"

namespace tardigrad {

struct Distribution {
  enum class Kind { constant, uniform, exponential, lognormal };

  Kind kind = Kind::constant;
  Time mean{};       ///< constant, exponential, lognormal: the mean of the distribution itself
  double sigma = 0;  ///< lognormal: standard deviation of the logarithm
  Time low{};        ///< uniform
  Time high{};       ///< uniform

  static Distribution constant(Time value);
  static Distribution uniform(Time low, Time high);
  static Distribution exponential(Time mean);
  static Distribution lognormal(Time mean, double sigma);

  Time expected() const;
  /// A constant leaves the stream as it is.
  Time draw(RandomStream& stream) const;
};

/// The sum of `count` independent draws, at most `kNever`.
Time draw_sum(const Distribution& distribution, std::uint32_t count, RandomStream& stream);

}  // namespace tardigrad
