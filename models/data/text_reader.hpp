/// Reads texts of which the next sign is to be predicted.
#pragma once

#include <cstddef>
#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// Signs of a context.
inline constexpr std::size_t kContext = 80;

/// Any text in UTF-8. A sample is `kContext` signs in a row (code points; tokens are numbered in their order) and the
/// sign that follows, at every place of the text. The last tenth of the text is the test set; no sample is in both.
DatasetResult read_text(const std::filesystem::path& file);

/// The layout in which LEAF leaves its Shakespeare: all .json files of `folder`/train and `folder`/test, each
/// {"users": [...], "user_data": {user: {"x": [contexts], "y": [next signs]}}}. Users are the training set's, sorted by
/// name; a context that is not of `kContext` signs is a mistake.
DatasetResult read_leaf_text(const std::filesystem::path& folder);

}  // namespace tardigrad
