/// Reads a data set from a folder of pictures.
#pragma once

#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// `folder`/train/<class>/*.png, *.jpg or *.jpeg, and the same below `folder`/test, or both in the only folder that is
/// in `folder`. Classes are the folders below train, sorted by name; samples come class by class, sorted by file name.
/// All pictures have one size. If one of them is coloured all are read so, otherwise they have one channel. Files of
/// other names, and what file managers leave, are passed over; pictures of other formats are refused.
DatasetResult read_image_folder(const std::filesystem::path& folder);

}  // namespace tardigrad
