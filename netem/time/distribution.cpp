#include "netem/time/distribution.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {
namespace {

constexpr double kRootOfTwo = 1.4142135623730951;
constexpr double kRootOfTwoPi = 2.5066282746310002;

Distribution of_kind(Distribution::Kind kind, Time mean) {
  Distribution made;
  made.kind = kind;
  made.mean = mean;
  return made;
}

/// At least half of all draws are accepted, as the mean is not negative.
Time draw_normal(Time mean, Time deviation, RandomStream& stream) {
  for (;;) {
    const Time drawn = from_seconds(to_seconds(mean) + to_seconds(deviation) * stream.normal());
    if (drawn >= Time{}) return drawn;
  }
}

/// The mean of a normal distribution cut off at zero: mean + deviation * phi(z) / Phi(z) with z = mean /
/// deviation.
Time expected_of_normal(Time mean, Time deviation) {
  if (deviation <= Time{}) return mean;
  const double z = to_seconds(mean) / to_seconds(deviation);
  const double density = std::exp(-z * z / 2) / kRootOfTwoPi;
  const double above_zero = std::erfc(-z / kRootOfTwo) / 2;
  return from_seconds(to_seconds(mean) + to_seconds(deviation) * density / above_zero);
}

}  // namespace

Distribution Distribution::constant(Time value) { return of_kind(Kind::constant, value); }

Distribution Distribution::uniform(Time low, Time high) {
  Distribution made = of_kind(Kind::uniform, {});
  made.low = low;
  made.high = high;
  return made;
}

Distribution Distribution::exponential(Time mean) { return of_kind(Kind::exponential, mean); }

Distribution Distribution::lognormal(Time mean, double sigma) {
  Distribution made = of_kind(Kind::lognormal, mean);
  made.sigma = sigma;
  return made;
}

Distribution Distribution::normal(Time mean, Time deviation) {
  Distribution made = of_kind(Kind::normal, mean);
  made.deviation = deviation;
  return made;
}

Distribution Distribution::pareto(Time mean, double shape) {
  Distribution made = of_kind(Kind::pareto, mean);
  made.shape = shape;
  return made;
}

Time Distribution::expected() const {
  switch (kind) {
    case Kind::uniform:
      return low + (high - low) / 2;
    case Kind::normal:
      return expected_of_normal(mean, deviation);
    case Kind::constant:
    case Kind::exponential:
    case Kind::lognormal:
    case Kind::pareto:
      break;
  }
  return mean;
}

Time Distribution::least() const {
  switch (kind) {
    case Kind::constant:
      return mean;
    case Kind::uniform:
      return low;
    case Kind::pareto:
      return from_seconds(to_seconds(mean) * (shape - 1) / shape);
    default:
      return {};
  }
}

Time Distribution::draw(RandomStream& stream) const {
  switch (kind) {
    case Kind::uniform: {
      const auto values = static_cast<std::uint64_t>((high - low).count()) + 1;
      return low + Time(static_cast<std::int64_t>(stream.below(values)));
    }
    case Kind::exponential:
      return from_seconds(to_seconds(mean) * stream.exponential());
    case Kind::lognormal:
      // exp(N(mu, sigma^2)) has mean exp(mu + sigma^2 / 2), hence mu = ln(mean) - sigma^2 / 2.
      return from_seconds(to_seconds(mean) * std::exp(sigma * stream.normal() - sigma * sigma / 2));
    case Kind::normal:
      return draw_normal(mean, deviation, stream);
    case Kind::pareto:
      // The logarithm of X / low is exponential with mean 1 / shape.
      return from_seconds(to_seconds(mean) * (shape - 1) / shape * std::exp(stream.exponential() / shape));
    case Kind::constant:
      break;
  }
  return mean;
}

Time draw_sum(const Distribution& distribution, std::uint32_t count, RandomStream& stream) {
  if (distribution.kind == Distribution::Kind::constant) {
    return count > 0 && distribution.mean > kNever / count ? kNever : distribution.mean * count;
  }
  Time sum{};
  for (std::uint32_t i = 0; i < count; ++i) sum = std::min(kNever, sum + distribution.draw(stream));
  return sum;
}

const std::vector<NamedKind<Distribution>>& distribution_kinds() {
  using Option = KindOption<Distribution>;
  using Family = Distribution::Kind;
  static const Option mean = Option("mean", &Distribution::mean, "mean").required("mean = \"8ms\"");
  static const std::vector<NamedKind<Distribution>> kinds = {
      {"constant", Family::constant, "always the same", {mean}},
      {"uniform",
       Family::uniform,
       "evenly between two durations",
       {Option("low", &Distribution::low, "shortest").required("low = \"6ms\""),
        Option("high", &Distribution::high, "longest").required("high = \"10ms\"")}},
      {"exponential", Family::exponential, "without memory", {mean}},
      {"lognormal",
       Family::lognormal,
       "a normal logarithm",
       {mean, Option("sigma", &Distribution::sigma, "standard deviation of the logarithm")
                  .within(0, 10)
                  .required("sigma = 0.2")}},
      {"normal",
       Family::normal,
       "normal, cut off at zero",
       {mean, Option("deviation", &Distribution::deviation, "standard deviation before the cut")
                  .required("deviation = \"1ms\"")}},
      {"pareto",
       Family::pareto,
       "heavy tail: P(X > x) = (low / x)^shape",
       {mean,
        Option("shape", &Distribution::shape, "exponent of the tail").within(1.01, 1000).required("shape = 2.5")}},
  };
  return kinds;
}

}  // namespace tardigrad
