#include "netem/distribution.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {

Distribution Distribution::constant(Time value) { return {Kind::constant, value, 0, {}, {}}; }

Distribution Distribution::uniform(Time low, Time high) { return {Kind::uniform, {}, 0, low, high}; }

Distribution Distribution::exponential(Time mean) { return {Kind::exponential, mean, 0, {}, {}}; }

Distribution Distribution::lognormal(Time mean, double sigma) { return {Kind::lognormal, mean, sigma, {}, {}}; }

Time Distribution::expected() const { return kind == Kind::uniform ? low + (high - low) / 2 : mean; }

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

}  // namespace tardigrad
