/// A random duration, never negative: how long a local step takes, how long a node waits before it
/// starts, by how much a message is late.
#pragma once

#include "netem/random_stream.hpp"
#include "netem/units.hpp"

namespace tardigrad {

struct Distribution {
  enum class Kind { constant, uniform, exponential, lognormal, normal, pareto };

  Kind kind = Kind::constant;
  Time mean{};       ///< constant, exponential, lognormal, pareto: the mean; normal: that of the whole bell
  double sigma = 0;  ///< lognormal: standard deviation of the logarithm
  Time low{};        ///< uniform
  Time high{};       ///< uniform
  Time deviation{};  ///< normal: standard deviation of the whole bell
  double shape = 2;  ///< pareto: the exponent of the tail, P(X > x) = (low / x)^shape

  static Distribution constant(Time value);
  static Distribution uniform(Time low, Time high);
  static Distribution exponential(Time mean);
  static Distribution lognormal(Time mean, double sigma);
  /// The part of the bell that is not negative: draws below zero are drawn anew. `mean` >= 0.
  static Distribution normal(Time mean, Time deviation);
  /// No draw is below mean * (shape - 1) / shape. `shape` > 1; the variance is finite above 2.
  static Distribution pareto(Time mean, double shape);

  bool is_constant() const { return kind == Kind::constant; }
  Time expected() const;
  /// No draw is below.
  Time least() const;
  /// A constant leaves the stream as it is.
  Time draw(RandomStream& stream) const;
};

/// The sum of `count` independent draws, at most `kNever`.
Time draw_sum(const Distribution& distribution, std::uint32_t count, RandomStream& stream);

}  // namespace tardigrad
