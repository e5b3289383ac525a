/// Reads the binary versions of CIFAR-10 and CIFAR-100: records of label bytes and 3 x 32 x 32 pixel bytes.
#pragma once

#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// Reads data_batch_1.bin to data_batch_5.bin and test_batch.bin, from `folder` or from the
/// cifar-10-batches-bin inside it. The error for the Python version names it.
DatasetResult read_cifar10(const std::filesystem::path& folder);

/// Reads train.bin and test.bin, from `folder` or from the cifar-100-binary inside it. Of the two labels of a
/// record, coarse and fine, the fine one is the class: there are 100 classes.
DatasetResult read_cifar100(const std::filesystem::path& folder);

}  // namespace tardigrad
