/// Plain text tables.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

using TextRow = std::vector<std::string>;

/// One line a row, columns below each other: `indent` blanks in front, two between, none at the end.
std::string in_columns(const std::vector<TextRow>& rows, std::size_t indent);

}  // namespace tardigrad
