/// Samples in the form that a network takes.
#pragma once

#include <ATen/Tensor.h>

#include <cstddef>
#include <cstdint>

#include "models/data/samples.hpp"

namespace tardigrad {

/// `inputs`: samples x the sizes of an input; numbers as float32 (pictures channels last in memory), tokens as
/// int64. `labels`: their classes, int64.
struct Minibatch {
  at::Tensor inputs;
  at::Tensor labels;
  /// The network's random draws while it trains on the batch (dropout) are a function of this seed.
  std::uint64_t seed = 0;
};

/// Of texts: the token that follows each place of each sample, sample by sample. The last place's is the label.
at::Tensor next_tokens(const Minibatch& texts);

/// The samples at `count` positions.
Minibatch gather(const Samples& samples, const std::uint32_t* positions, std::size_t count);

}  // namespace tardigrad
