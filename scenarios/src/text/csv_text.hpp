/// Writes fields of comma-separated files.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

/// The text as one field: quoted if it has commas, quotes or line ends.
std::string csv_text(const std::string& text);

/// Each field with a comma behind it: the beginning of a line.
std::string csv_prefix(const std::vector<std::string>& fields);

}  // namespace tardigrad
