/// The mean gradient of a round's local steps, from what they changed.
#pragma once

#include "actors/protocols/protocol.hpp"

namespace tardigrad {

/// (from - to) / the sum of the round's learning rates: with plain gradient descent from `from` to `to` the mean of the
/// steps' gradients, offsets included. A round that took no steps has none: 0.
inline Values mean_gradient(const Values& from, const Values& to, const LocalRound& local) {
  Values gradient(from.size(), 0.0F);
  if (!(local.learning_rates > 0)) return gradient;
  const auto scale = static_cast<float>(1 / local.learning_rates);
  for (std::size_t p = 0; p < gradient.size(); ++p) gradient[p] = (from[p] - to[p]) * scale;
  return gradient;
}

}  // namespace tardigrad
