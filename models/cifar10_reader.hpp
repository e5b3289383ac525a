/// Reads CIFAR-10's binary version: records of one label byte and 3 x 32 x 32 pixel bytes.
#pragma once

#include <filesystem>

#include "models/samples.hpp"

namespace tardigrad {

/// data_batch_1.bin to data_batch_5.bin and test_batch.bin, from `folder` or from the
/// cifar-10-batches-bin inside it.
DatasetResult read_cifar10(const std::filesystem::path& folder);

}  // namespace tardigrad
