/// Pictures as they lie in memory, and the data sets made of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tardigrad {

struct ImageShape {
  std::size_t channels = 0;
  std::size_t height = 0;
  std::size_t width = 0;

  std::size_t numel() const { return channels * height * width; }
};

/// Bytes, one image after the other, each row by row, pixel by pixel, channel by channel
/// (channels last, the order in which the networks compute).
struct LabelledImages {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;

  std::size_t size() const { return labels.size(); }
  /// Writes image `index`, each pixel v as (v / 255 - 0.5) / 0.5, to shape.numel() floats.
  void normalise(std::size_t index, float* out) const;
};

/// Ten classes, labels 0 .. 9 and nothing else. Both parts have images, of one shape.
struct Dataset {
  static constexpr std::size_t kClasses = 10;
  LabelledImages train;
  LabelledImages test;
};

struct DatasetResult {
  std::shared_ptr<const Dataset> dataset;
  std::string error;  ///< empty if all is well, else one clear sentence that names the file
};

}  // namespace tardigrad
