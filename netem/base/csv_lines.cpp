#include "netem/base/csv_lines.hpp"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

CsvLines::CsvLines(const std::string& file, std::size_t longest_line, std::string separator)
    : lines_(file, longest_line), separator_(std::move(separator)) {}

CsvLines::CsvLines(const std::string& name, std::string_view text, std::size_t longest_line)
    : lines_(name, text, longest_line) {}

bool CsvLines::next() {
  while (lines_.next()) {
    const std::string_view text = trimmed(lines_.text().substr(0, lines_.text().find('#')));
    if (text.empty()) continue;
    split(text);
    if (fields_.size() == 1 && separator_ == ",") refuse_other_separators(text);
    return !failed();
  }
  return false;
}

void CsvLines::refuse_other_separators(std::string_view text) {
  // Numbers may be another program's log, of which readers can say more.
  const auto is_letter = [](char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); };
  if (!is_letter(text.front())) return;
  for (const auto& [separator, name] : {std::pair(';', "semicolons"), std::pair('\t', "tabs")}) {
    if (text.find(separator) != std::string_view::npos) {
      return fail("expected commas between the fields, not " + std::string(name));
    }
  }
}

void CsvLines::split(std::string_view text) {
  fields_.clear();
  for (;;) {
    const std::size_t end = text.find(separator_);
    fields_.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + separator_.size());
  }
}

std::optional<double> CsvLines::number(std::size_t field, const std::string& name, double lowest, double highest) {
  if (failed()) return std::nullopt;
  const std::optional<double> value = parsed<double>(fields_[field]);
  if (value && *value >= lowest && *value <= highest) return value;
  fail_field(field, name, "a number from " + number_text(lowest) + " to " + number_text(highest));
  return std::nullopt;
}

std::optional<std::uint32_t> CsvLines::index(std::size_t field, const std::string& name, std::uint32_t bound) {
  if (failed()) return std::nullopt;
  const std::optional<std::uint32_t> value = parsed<std::uint32_t>(fields_[field]);
  if (value && *value < bound) return value;
  fail_field(field, name, "a whole number from 0 to " + std::to_string(bound - 1));
  return std::nullopt;
}

void CsvLines::fail_field(std::size_t field, const std::string& name, const std::string& expected) {
  fail(name + " is " + quoted(fields_[field]) + ", expected " + expected);
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  auto written = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (written.ec != std::errc()) written = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), written.ptr);
}

}  // namespace tardigrad
