/// Reads the comma-separated files of a run: a header line, then rows with as many fields, without quoting.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// Walks over the rows of one file. The first mistake stops it: `next` and all reads after it return nothing,
/// and `error` is one line with the place and the mistake. A last line without a line end was being written
/// when the run stopped; it is left out and `truncated` is true.
class CsvReader {
 public:
  /// `columns` are those that the caller wants, in the order of its reads. The file may have more, and in
  /// another order.
  CsvReader(const std::filesystem::path& file, const std::vector<std::string>& columns);

  /// Goes to the next row; false at the end of the file or after a mistake.
  bool next();

  /// The field of the present row in the caller's `column`.
  std::string_view text(std::size_t column) const;
  bool empty(std::size_t column) const { return text(column).empty(); }
  /// Anything but a number in [lowest, highest] is a mistake, and read as 0. Infinities and NaN are outside
  /// every interval.
  double number(std::size_t column, double lowest, double highest);
  /// Seconds. Times that were written in exact decimal keep their order, however they are rounded here.
  Time time(std::size_t column, Time earliest, Time latest);
  /// A number of any size, infinities and NaN included.
  double any_number(std::size_t column);
  std::uint64_t count(std::size_t column, std::uint64_t highest = std::numeric_limits<std::uint64_t>::max());

  /// Reports a mistake in the present row: "file:line: what".
  void fail(const std::string& what);

  bool truncated() const { return truncated_; }
  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  bool read_line();
  void split_line();
  void read_header(const std::vector<std::string>& columns);
  void fail_field(std::size_t column, const std::string& expected);

  std::string file_;
  std::ifstream stream_;
  std::size_t line_number_ = 0;
  std::vector<char> line_;
  std::size_t line_length_ = 0;
  std::vector<std::string_view> fields_;  ///< views into `line_`
  std::size_t fields_per_line_ = 0;
  std::vector<std::string> names_;   ///< of the wanted columns
  std::vector<std::size_t> places_;  ///< of the wanted columns in a line
  bool truncated_ = false;
  std::string error_;
};

}  // namespace tardigrad
