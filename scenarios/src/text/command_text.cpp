#include "scenarios/src/text/command_text.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "models/printable.hpp"

namespace tardigrad {

namespace {

constexpr std::size_t kLongestWord = 4096;
constexpr std::string_view kSecret = "--token";
constexpr const char* kLeftOut = "...";

bool needs_no_quotes(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-_./=:,+@%").find(c) != std::string::npos;
}

std::string quoted(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), needs_no_quotes)) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + '\'';
}

}  // namespace

std::string command_text(int argc, const char* const* argv) {
  std::string text;
  bool is_secret = false;
  for (int i = 0; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (i > 0) text += ' ';
    const bool holds_secret = word.substr(0, kSecret.size() + 1) == std::string(kSecret) + '=';
    text += is_secret      ? kLeftOut
            : holds_secret ? std::string(kSecret) + '=' + kLeftOut
                           : quoted(printable(std::string(word), kLongestWord));
    is_secret = word == kSecret;
  }
  return text;
}

}  // namespace tardigrad
