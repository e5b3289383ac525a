/// Pictures in files and in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/data/label.hpp"

namespace tardigrad {

struct ImageShape {
  std::size_t channels = 0;
  std::size_t height = 0;
  std::size_t width = 0;

  std::size_t numel() const { return channels * height * width; }
};

/// Bytes, one image after the other, each row by row, pixel by pixel, channel by channel (channels last, the
/// order in which the networks compute).
struct LabelledImages {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;
  std::vector<Label> labels;

  std::size_t size() const { return labels.size(); }
};

}  // namespace tardigrad
