/// Reads a data set from a folder of pictures.
#pragma once

#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// Reads `folder`/train/<class>/*.png, *.jpg or *.jpeg, and the same below `folder`/test; both may also be in
/// the only folder that is in `folder`. Classes are the folders below train, sorted by name; samples come class
/// by class, sorted by file name. All pictures have one size. If one picture is coloured all are read in
/// colour, otherwise they have one channel. Files with other names and those of file managers are skipped;
/// pictures of other formats are refused.
DatasetResult read_image_folder(const std::filesystem::path& folder);

}  // namespace tardigrad
