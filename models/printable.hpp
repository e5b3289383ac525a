/// Text that came from files, made fit to be shown.
#pragma once

#include <string>
#include <string_view>

namespace tardigrad {

/// For one line of a terminal or page: what is no printable character of UTF-8 becomes '?', and what
/// follows after `longest` characters becomes "...".
std::string printable(std::string_view text, std::size_t longest = 120);

/// Characters of a complaint: what a message lists may be long, but no file may make it longer.
inline constexpr std::size_t kLongestComplaint = 2000;

/// For the text of an HTML element or an attribute's value in quotes.
std::string html_escaped(std::string_view text);

}  // namespace tardigrad
