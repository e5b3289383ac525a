/// Reads the IDX files of Fashion-MNIST (and of MNIST, which has the same format), packed by gzip or not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "models/data/samples.hpp"

namespace tardigrad {

struct LabelledImagesResult {
  LabelledImages images;
  std::string error;        ///< one clear sentence that names the file; empty on success
  bool is_missing = false;  ///< for an error: true if the file does not exist
};

/// 28x28 grey pictures from `stem`-images-idx3-ubyte and their labels from `stem`-labels-idx1-ubyte. Each name
/// may end in ".gz", be in capital letters, have a dot before idx, or be in a folder of its own name as
/// unpackers leave it; the files are in `folder`, or where torchvision puts them below it.
LabelledImagesResult read_idx_images(const std::filesystem::path& folder, const std::string& stem);

/// Reads `train` and `t10k`, of MNIST or Fashion-MNIST.
DatasetResult read_mnist(const std::filesystem::path& folder);

}  // namespace tardigrad
