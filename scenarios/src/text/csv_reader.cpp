#include "scenarios/src/text/csv_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "models/printable.hpp"

namespace tardigrad {

namespace {

/// Longer than any row of a result file; another file must not fill the memory with one line.
constexpr std::size_t kLongestLine = 4096;

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size();
}

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& file, const std::vector<std::string>& columns)
    : file_(printable(file.string(), 400)), stream_(file, std::ios::binary), line_(kLongestLine), names_(columns) {
  if (!stream_) {
    error_ = fmt::format("{}: cannot be read", file_);
    return;
  }
  read_header(columns);
}

bool CsvReader::read_line() {
  if (failed() || truncated_) return false;
  ++line_number_;
  stream_.getline(line_.data(), static_cast<std::streamsize>(line_.size()));
  const auto taken = static_cast<std::size_t>(stream_.gcount());
  if (stream_.bad()) {
    fail("cannot be read");
  } else if (stream_.eof()) {
    truncated_ = taken > 0;
  } else if (stream_.fail()) {
    fail(fmt::format("line of more than {} characters", kLongestLine));
  } else {
    line_length_ = taken - 1;  // without the line end
    return true;
  }
  return false;
}

void CsvReader::split_line() {
  fields_.clear();
  std::string_view rest(line_.data(), line_length_);
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  for (;;) {
    const std::size_t comma = rest.find(',');
    fields_.push_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

void CsvReader::read_header(const std::vector<std::string>& columns) {
  if (!read_line()) {
    truncated_ = !failed();  // a file without a complete header line was hardly begun
    return;
  }
  split_line();
  fields_per_line_ = fields_.size();
  for (const std::string& column : columns) {
    const auto found = std::find(fields_.begin(), fields_.end(), column);
    if (found == fields_.end()) return fail(fmt::format("no column \"{}\"", column));
    places_.push_back(static_cast<std::size_t>(found - fields_.begin()));
  }
}

bool CsvReader::next() {
  if (!read_line()) return false;
  split_line();
  if (fields_.size() != fields_per_line_) {
    fail(fmt::format("{} fields, expected {} as in the header", fields_.size(), fields_per_line_));
  }
  return !failed();
}

std::string_view CsvReader::text(std::size_t column) const {
  return failed() ? std::string_view() : fields_[places_[column]];
}

double CsvReader::number(std::size_t column, double lowest, double highest) {
  double value = 0;
  if (failed()) return 0;
  if (parse(text(column), value) && value >= lowest && value <= highest) return value;
  fail_field(column, fmt::format("a number from {} to {}", lowest, highest));
  return 0;
}

Time CsvReader::time(std::size_t column, Time earliest, Time latest) {
  // Above the greatest Time a number could not be converted.
  const double highest = to_seconds(latest) + 1;
  double seconds = 0;
  if (failed()) return {};
  if (parse(text(column), seconds) && seconds >= 0 && seconds <= highest) {
    const Time time = from_seconds(seconds);
    if (time >= earliest && time <= latest) return time;
  }
  fail_field(column, fmt::format("a number from {} to {}", to_seconds(earliest), to_seconds(latest)));
  return {};
}

double CsvReader::any_number(std::size_t column) {
  double value = 0;
  if (failed() || parse(text(column), value)) return value;
  fail_field(column, "a number");
  return 0;
}

std::uint64_t CsvReader::count(std::size_t column, std::uint64_t highest) {
  std::uint64_t value = 0;
  if (failed()) return 0;
  if (parse(text(column), value) && value <= highest) return value;
  fail_field(column, fmt::format("a whole number from 0 to {}", highest));
  return 0;
}

void CsvReader::fail(const std::string& what) {
  if (!failed()) error_ = fmt::format("{}:{}: {}", file_, line_number_, what);
}

void CsvReader::fail_field(std::size_t column, const std::string& expected) {
  fail(fmt::format("{} is \"{}\", expected {}", names_[column], printable(text(column), 40), expected));
}

}  // namespace tardigrad
