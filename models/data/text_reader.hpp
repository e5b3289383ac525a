/// Reads texts in which the next character is to be predicted.
#pragma once

#include <cstddef>
#include <filesystem>

#include "models/data/samples.hpp"

namespace tardigrad {

struct TextForm {
  std::size_t context = 80;  ///< tokens in a sample
  /// True if tokens are bytes, 256 of them, of any file. Otherwise they are the characters (code points) that the text
  /// has, numbered in their order.
  bool is_bytes = false;
};

/// Reads any text in UTF-8, or the bytes of any file. A sample is `context` consecutive tokens and the one that
/// follows, at every place of the text. The last tenth of the text is the test set; no sample is in both parts.
DatasetResult read_text(const std::filesystem::path& file, const TextForm& form = {});

/// Reads the layout of LEAF's Shakespeare: all .json files of `folder`/train and `folder`/test, each {"users":
/// [...], "user_data": {user: {"x": [contexts], "y": [next characters]}}}. Users are the training set's, sorted
/// by name; a context whose length is not 80 is a mistake.
DatasetResult read_leaf_text(const std::filesystem::path& folder);

}  // namespace tardigrad
