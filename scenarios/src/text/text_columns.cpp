#include "scenarios/src/text/text_columns.hpp"

#include <algorithm>

namespace tardigrad {
namespace {

std::vector<std::size_t> column_widths(const std::vector<TextRow>& rows) {
  std::vector<std::size_t> widths;
  for (const TextRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], text_width(row[c]));
  }
  return widths;
}

}  // namespace

std::size_t text_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::string> aligned_lines(const std::vector<TextRow>& rows, Flush flush) {
  const std::vector<std::size_t> widths = column_widths(rows);
  std::vector<std::string> lines;
  for (const TextRow& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - text_width(row[c]), ' ');
      if (c > 0) line += "  ";
      line += c > 0 && flush == Flush::right ? padding + row[c] : row[c] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string in_columns(const std::vector<TextRow>& rows, std::size_t indent) {
  std::string text;
  for (const std::string& line : aligned_lines(rows, Flush::left)) {
    text += (line.empty() ? "" : std::string(indent, ' ')) + line + "\n";
  }
  return text;
}

}  // namespace tardigrad
