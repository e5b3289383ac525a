/// The data sets a scenario can name.
#pragma once

#include <cstdint>
#include <string>

#include "models/labelled_images.hpp"

namespace tardigrad {

/// `set` is fashion-mnist or cifar10; an empty `root` means the set's usual place. Each set and folder
/// is read once per process, later calls share it. Thread-safe.
DatasetResult load_dataset(const std::string& set, const std::string& root);

/// Tells one content from another: of all pixels and labels, in order, and how many there are.
std::uint32_t checksum(const Dataset& dataset);

}  // namespace tardigrad
