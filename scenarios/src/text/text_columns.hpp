/// Plain text tables.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

/// The cells of a row, in valid UTF-8.
using TextRow = std::vector<std::string>;

/// In characters.
std::size_t text_width(const std::string& text);

/// The alignment of a column's cells. The first column is always left-aligned.
enum class Flush { left, right };

/// One line for each row, with aligned columns and two blanks between them, none at the end. Rows may differ in
/// length.
std::vector<std::string> aligned_lines(const std::vector<TextRow>& rows, Flush flush);

/// Left-aligned lines as one text with `indent` blanks in front of each.
std::string in_columns(const std::vector<TextRow>& rows, std::size_t indent);

}  // namespace tardigrad
