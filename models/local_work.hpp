/// What a node does in one round, and what came of it.
#pragma once

#include <cstdint>
#include <optional>

#include "models/values.hpp"

namespace tardigrad {

/// What is asked of one round, besides what the scenario says of all of them. A step descends along `factor` * (g +
/// decay * x) + `offset`, where g is the minibatch's gradient at x and decay the weight decay that is part of the
/// gradient; clipping, momentum and AdamW come after it.
struct LocalWork {
  std::optional<std::uint32_t> steps{};  ///< nothing: as many as the scenario says
  float factor = 1;
  SharedValues offset{};  ///< a value for each parameter of the model, or of the fragment that asks; null: none

  /// True if every step is the optimizer's own.
  bool is_usual() const { return factor == 1 && !offset; }
};

struct LocalResult {
  double loss = 0;            ///< mean training loss over the steps; 0 without any
  std::uint32_t steps = 0;    ///< local steps done
  double learning_rates = 0;  ///< their sum
};

}  // namespace tardigrad
