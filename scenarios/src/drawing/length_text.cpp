#include "scenarios/src/drawing/length_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace tardigrad {

std::optional<double> parse_length(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> units{
      {{"in", 72}, {"cm", 72 / 2.54}, {"mm", 72 / 25.4}, {"pt", 1}}};
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || !std::isfinite(number)) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  for (const auto& [name, points] : units) {
    if (unit == name) return number * points;
  }
  return std::nullopt;
}

}  // namespace tardigrad
