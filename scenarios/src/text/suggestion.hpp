/// Suggestions for misspelt names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

/// The least number of insertions, deletions, substitutions and swaps of neighbours that turn one text into the
/// other (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `names`, whatever the case; the first of several equally near ones. At most two slips, in no
/// more than half of the name; else empty.
std::string nearest_name(std::string_view typed, const std::vector<std::string>& names);

/// "; did you mean 'uplink'?", or nothing.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& names);

/// "ring, torus or file".
std::string listed(const std::vector<std::string>& names);

}  // namespace tardigrad
