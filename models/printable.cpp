#include "models/printable.hpp"

namespace tardigrad {

namespace {

/// True for what breaks a line or turns its direction, so that the text behind it is not read as it stands: U+061C,
/// U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069.
bool changes_line(std::string_view text) {
  const std::string_view two = text.substr(0, 2);
  const unsigned char last = text.size() > 2 ? static_cast<unsigned char>(text[2]) : 0;
  if (two == "\xd8\x9c") return true;
  if (two == "\xe2\x80") return last == 0x8e || last == 0x8f || (last >= 0xa8 && last <= 0xae);
  return two == "\xe2\x81" && last >= 0xa6 && last <= 0xa9;
}

/// The number of bytes of the character that `text` begins with; 0 if it is a control character or not UTF-8.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool control = lead == 0xc2 && byte(1) < 0xa0;
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xed && byte(1) >= 0xa0) || (lead == 0xf4 && byte(1) >= 0x90);
  return control || overlong || beyond || changes_line(text) ? 0 : length;
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  std::string shown;
  for (std::size_t characters = 0; !text.empty(); ++characters) {
    if (characters == longest) return shown + "...";
    const std::size_t length = character_length(text);
    shown += length > 0 ? text.substr(0, length) : "?";
    text.remove_prefix(length > 0 ? length : 1);
  }
  return shown;
}

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace tardigrad
