#include "scenarios/src/scenario/syntax_advice.hpp"

#include <fmt/format.h>

#include <regex>

#include "netem/base/text_parts.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kLongestLine = 200;

/// What stands behind the first '=', without a comment; empty if it is quoted, a list or a table, or too long to be
/// a number or a name.
std::string_view bare_value(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos || line.size() > kLongestLine) return {};
  std::string_view value = line.substr(equals + 1);
  value = value.substr(0, value.find('#'));
  return value.find_first_of("\"'[{") == std::string_view::npos ? value : std::string_view();
}

}  // namespace

std::string syntax_advice(std::string_view line) {
  static const std::regex percentage(R"(([0-9]+(\.[0-9]+)?) ?%)");
  static const std::regex decimal_comma(R"(([0-9]+),([0-9]+))");
  static const std::regex quantity(R"([0-9]+(\.[0-9]+)? ?[^0-9.,= ].*)");
  static const std::regex name(R"([a-zA-Z][a-zA-Z0-9 ._/-]*)");
  const std::string value(trimmed(bare_value(line)));
  std::smatch parts;
  if (std::regex_match(value, parts, percentage)) {
    return fmt::format("; a share is a number: {} for {}", std::stod(parts[1]) / 100, value);
  }
  if (std::regex_match(value, parts, decimal_comma)) {
    return fmt::format("; decimals follow a point: {}.{}", parts[1].str(), parts[2].str());
  }
  if (std::regex_match(value, quantity)) return "; a number with a unit needs quotes: " + toml_quoted(value);
  if (std::regex_match(value, name)) return "; a text needs quotes: " + toml_quoted(value);
  return {};
}

}  // namespace tardigrad
