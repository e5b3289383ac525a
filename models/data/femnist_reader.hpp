/// Reads FEMNIST as LEAF leaves it: handwritten characters by their writers.
#pragma once

#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// Reads all .json files of `folder`/train and `folder`/test in LEAF's layout (for_leaf_samples): "x" are pictures of
/// 28 x 28 numbers from 0 to 1, row by row, which are kept as the pixels of 8 bits that they were made of; "y" are
/// their classes from 0 to 61. A user is a writer, sorted by name; the training set's count.
DatasetResult read_femnist(const std::filesystem::path& folder);

}  // namespace tardigrad
