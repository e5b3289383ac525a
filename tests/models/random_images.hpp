/// Images and labels that look like nothing, the same for the same seed.
#pragma once

#include <ATen/ATen.h>

#include "models/labelled_images.hpp"
#include "models/network.hpp"
#include "netem/random_stream.hpp"

namespace tardigrad::test {

/// Labels 0, 1, ..., 9, 0, 1, ...
inline LabelledImages random_images(const ImageShape& shape, std::size_t count, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::test);
  LabelledImages images;
  images.shape = shape;
  for (std::size_t i = 0; i < count * shape.numel(); ++i) {
    images.pixels.push_back(static_cast<std::uint8_t>(stream.below(256)));
  }
  for (std::size_t i = 0; i < count; ++i) images.labels.push_back(static_cast<std::uint8_t>(i % Dataset::kClasses));
  return images;
}

/// All of `images` as one batch.
inline Minibatch whole_batch(const LabelledImages& images) {
  const auto samples = static_cast<std::int64_t>(images.size());
  const auto channels = static_cast<std::int64_t>(images.shape.channels);
  const auto height = static_cast<std::int64_t>(images.shape.height);
  const auto width = static_cast<std::int64_t>(images.shape.width);
  Minibatch batch{
      at::empty_strided({samples, channels, height, width}, {channels * height * width, 1, channels * width, channels}),
      at::empty({samples}, at::kLong)};
  for (std::size_t i = 0; i < images.size(); ++i) {
    images.normalise(i, batch.inputs.data_ptr<float>() + i * images.shape.numel());
    batch.labels.data_ptr<std::int64_t>()[i] = images.labels[i];
  }
  return batch;
}

}  // namespace tardigrad::test
