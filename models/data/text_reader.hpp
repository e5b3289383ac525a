/// Reads texts in which the next character is to be predicted.
#pragma once

#include <cstddef>
#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

/// The number of characters in a context.
inline constexpr std::size_t kContext = 80;

/// Reads any text in UTF-8. A sample is `kContext` consecutive characters (code points; tokens are numbered in
/// their order) and the character that follows, at every place of the text. The last tenth of the text is the
/// test set; no sample is in both parts.
DatasetResult read_text(const std::filesystem::path& file);

/// Reads the layout of LEAF's Shakespeare: all .json files of `folder`/train and `folder`/test, each {"users":
/// [...], "user_data": {user: {"x": [contexts], "y": [next characters]}}}. Users are the training set's, sorted
/// by name; a context whose length is not `kContext` is a mistake.
DatasetResult read_leaf_text(const std::filesystem::path& folder);

}  // namespace tardigrad
