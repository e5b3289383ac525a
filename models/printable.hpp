/// Makes text from files fit for display.
#pragma once

#include <string>
#include <string_view>

namespace tardigrad {

/// For one line of a terminal or page: everything but printable characters of UTF-8 becomes '?', and the rest
/// after `longest` characters becomes "...".
std::string printable(std::string_view text, std::size_t longest = 120);

/// The greatest number of characters in an error message that lists a file's content.
inline constexpr std::size_t kLongestComplaint = 2000;

/// For the text of an HTML element or an attribute's value in quotes.
std::string html_escaped(std::string_view text);

}  // namespace tardigrad
