/// Plain text tables.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

/// Its cells, in valid UTF-8.
using TextRow = std::vector<std::string>;

/// In characters.
std::size_t text_width(const std::string& text);

/// Which edge the cells of a column have in common. The first column's is always the left one.
enum class Flush { left, right };

/// One line a row, columns below each other and two blanks between them, none at the end. Rows may
/// differ in length.
std::vector<std::string> aligned_lines(const std::vector<TextRow>& rows, Flush flush);

/// The same, flush left, as one text of lines with `indent` blanks in front.
std::string in_columns(const std::vector<TextRow>& rows, std::size_t indent);

}  // namespace tardigrad
