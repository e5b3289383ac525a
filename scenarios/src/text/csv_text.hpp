/// Fields of comma-separated files on their way out.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

/// The text as one field: quoted where it has commas, quotes or line ends.
std::string csv_text(const std::string& text);

/// Each of them with a comma behind it: what comes before the rest of a line.
std::string csv_prefix(const std::vector<std::string>& fields);

}  // namespace tardigrad
