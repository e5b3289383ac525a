/// A random duration, never negative: the time of a local step, a node's wait before its start, a message's
/// delay.
#pragma once

#include <vector>

#include "netem/base/kind.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

struct Distribution {
  enum class Kind { constant, uniform, exponential, lognormal, normal, pareto };

  Kind kind = Kind::constant;
  Time mean{};       ///< constant, exponential, lognormal, pareto: the mean; normal: the mean before the cut at zero
  double sigma = 0;  ///< lognormal: standard deviation of the logarithm
  Time low{};        ///< uniform
  Time high{};       ///< uniform
  Time deviation{};  ///< normal: standard deviation before the cut at zero
  double shape = 2;  ///< pareto: the exponent of the tail, P(X > x) = (low / x)^shape

  static Distribution constant(Time value);
  static Distribution uniform(Time low, Time high);
  static Distribution exponential(Time mean);
  static Distribution lognormal(Time mean, double sigma);
  /// A normal distribution cut off at zero: negative draws are drawn anew. `mean` >= 0.
  static Distribution normal(Time mean, Time deviation);
  /// No draw is below mean * (shape - 1) / shape. `shape` > 1; the variance is finite above 2.
  static Distribution pareto(Time mean, double shape);

  bool is_constant() const { return kind == Kind::constant; }
  Time expected() const;
  /// A lower bound of all draws.
  Time least() const;
  /// A constant distribution takes nothing from the stream.
  Time draw(RandomStream& stream) const;
};

/// How a scenario may name one, in the order of the enumerators.
const std::vector<NamedKind<Distribution>>& distribution_kinds();

/// The sum of `count` independent draws, at most `kNever`.
Time draw_sum(const Distribution& distribution, std::uint32_t count, RandomStream& stream);

}  // namespace tardigrad
