#include "netem/csv_lines.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>

namespace tardigrad {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

CsvLines::CsvLines(const std::string& file, std::size_t longest_line, char separator)
    : file_(file), line_(longest_line + 1), separator_(separator) {
  errno = 0;
  stream_ = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*stream_) fail_file("cannot be opened: " + std::generic_category().message(errno));
}

CsvLines::CsvLines(const std::string& name, std::string_view text, std::size_t longest_line)
    : file_(name), stream_(std::make_unique<std::istringstream>(std::string(text))), line_(longest_line + 1) {}

bool CsvLines::next() {
  while (read_line()) {
    std::string_view text(line_.data(), length_);
    if (line_number_ == 1 && text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      text.remove_prefix(kByteOrderMark.size());
    }
    text = trimmed(text.substr(0, text.find('#')));
    if (text.empty()) continue;
    split(text);
    return true;
  }
  return false;
}

bool CsvLines::read_line() {
  if (failed() || stream_->eof()) return false;
  stream_->getline(line_.data(), static_cast<std::streamsize>(line_.size()));
  if (stream_->bad()) {
    fail_file("cannot be read: expected a text file");
    return false;
  }
  if (stream_->eof() && stream_->gcount() == 0) return false;
  ++line_number_;
  if (stream_->fail()) {
    fail("expected a line of at most " + std::to_string(line_.size() - 1) + " characters");
    return false;
  }
  length_ = static_cast<std::size_t>(stream_->gcount()) - (stream_->eof() ? 0 : 1);
  return true;
}

void CsvLines::split(std::string_view text) {
  fields_.clear();
  for (;;) {
    const std::size_t end = text.find(separator_);
    fields_.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
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

void CsvLines::fail_at(std::size_t line, const std::string& what) {
  if (!failed()) error_ = file_ + ":" + std::to_string(line) + ": " + what;
}

void CsvLines::fail_file(const std::string& what) {
  if (!failed()) error_ = file_ + ": " + what;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out = "\"";
  for (const char c : text.substr(0, longest)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > longest ? "...\"" : "\"");
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  auto written = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (written.ec != std::errc()) written = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), written.ptr);
}

}  // namespace tardigrad
