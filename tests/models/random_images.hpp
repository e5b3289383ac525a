/// Random images and labels, the same for the same seed.
#pragma once

#include <numeric>
#include <utility>
#include <vector>

#include "models/data/samples.hpp"
#include "models/training/minibatch.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad::test {

/// Labels 0, 1, ..., classes - 1, 0, 1, ...
inline Samples random_images(const ImageShape& shape, std::size_t count, std::uint64_t seed, std::size_t classes = 10) {
  RandomStream stream(seed, Purpose::test);
  LabelledImages images;
  images.shape = shape;
  for (std::size_t i = 0; i < count * shape.numel(); ++i) {
    images.pixels.push_back(static_cast<std::uint8_t>(stream.below(256)));
  }
  for (std::size_t i = 0; i < count; ++i) images.labels.push_back(static_cast<Label>(i % classes));
  return samples_of(std::move(images));
}

/// All of `samples` as one batch.
inline Minibatch whole_batch(const Samples& samples) {
  std::vector<std::uint32_t> all(samples.size());
  std::iota(all.begin(), all.end(), 0U);
  return gather(samples, all.data(), all.size());
}

}  // namespace tardigrad::test
