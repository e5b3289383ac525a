/// Lengths on paper as people write them: "3.3in", "84 mm".
#pragma once

#include <optional>
#include <string_view>

namespace tardigrad {

/// In points. A number and one of in, cm, mm and pt; nothing for any other text.
std::optional<double> parse_length(std::string_view text);

}  // namespace tardigrad
