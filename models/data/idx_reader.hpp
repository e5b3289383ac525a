/// Reads the IDX files of Fashion-MNIST (and of MNIST, which has the same form), packed by gzip or not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "models/data/samples.hpp"

namespace tardigrad {

struct LabelledImagesResult {
  LabelledImages images;
  std::string error;        ///< empty if all is well, else one clear sentence that names the file
  bool is_missing = false;  ///< of an error: the file is not there
};

/// 28x28 grey pictures from `stem`-images-idx3-ubyte and their labels from `stem`-labels-idx1-ubyte, each with or
/// without
/// ".gz", in capital letters or not, with a dot before idx or in a folder of its own name as unpackers leave them; from
/// `folder`, or from where torchvision puts them below it.
LabelledImagesResult read_idx_images(const std::filesystem::path& folder, const std::string& stem);

/// `train` and `t10k`.
DatasetResult read_fashion_mnist(const std::filesystem::path& folder);

}  // namespace tardigrad
