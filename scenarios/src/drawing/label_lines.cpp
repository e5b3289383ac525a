#include "scenarios/src/drawing/label_lines.hpp"

#include <string_view>

namespace tardigrad {

namespace {

/// Characters of UTF-8: pieces that must stay whole.
std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> found;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (continues && !found.empty()) {
      found.back() += c;
    } else {
      found.emplace_back(1, c);
    }
  }
  return found;
}

/// Each ends with the sign behind which a line may break.
std::vector<std::string> parts_of(const std::string& text) {
  constexpr std::string_view breaks = " ,/-";
  std::vector<std::string> parts(1);
  for (const char c : text) {
    parts.back() += c;
    if (breaks.find(c) != std::string_view::npos) parts.emplace_back();
  }
  return parts;
}

std::string without_end_blanks(const std::string& line) { return line.substr(0, line.find_last_not_of(' ') + 1); }

}  // namespace

std::vector<std::string> label_lines(const std::string& label, double size, double widest, const TextWidth& width_of) {
  const auto fits = [&](const std::string& line) { return width_of(without_end_blanks(line), size) <= widest; };
  std::vector<std::string> lines(1);
  const auto put = [&](const std::string& piece) {
    if (lines.back().empty() || fits(lines.back() + piece)) {
      lines.back() += piece;
    } else {
      lines.push_back(piece);
    }
  };
  for (const std::string& part : parts_of(label)) {
    if (fits(part)) {
      put(part);
    } else {
      for (const std::string& character : characters(part)) put(character);
    }
  }
  for (std::string& line : lines) line = without_end_blanks(line);
  return lines;
}

}  // namespace tardigrad
