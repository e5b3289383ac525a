/// Reads the comma-separated files that users write, traces and matrices, and others of that sort.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netem/text_lines.hpp"

namespace tardigrad {

/// Walks over the lines of one file: fields without quoting, between separators of one or more signs, blanks around
/// them left out, empty lines and all after a '#' skipped. Memory of one line. The first mistake ends it: `next` is
/// false from then on, and `error` is one line that says where and what.
class CsvLines {
 public:
  CsvLines(const std::string& file, std::size_t longest_line, std::string separator = ",");
  /// The same from memory; `name` stands for the file in mistakes.
  CsvLines(const std::string& name, std::string_view text, std::size_t longest_line);

  /// Goes to the next line that has fields; false at the end of the file or after a mistake.
  bool next();

  const std::vector<std::string_view>& fields() const { return fields_; }
  /// The line that they are of.
  std::string_view text() const { return lines_.text(); }
  std::size_t line() const { return lines_.line(); }

  /// The field as a number from `lowest` to `highest`; a mistake otherwise. `name` is the field's.
  std::optional<double> number(std::size_t field, const std::string& name, double lowest, double highest);
  /// The same for a whole number below `bound`.
  std::optional<std::uint32_t> index(std::size_t field, const std::string& name, std::uint32_t bound);
  /// States that there is a mistake in the present line: "file:line: what".
  void fail(const std::string& what) { lines_.fail(what); }
  void fail_at(std::size_t line, const std::string& what) { lines_.fail_at(line, what); }
  /// The same for the file as a whole.
  void fail_file(const std::string& what) { lines_.fail_file(what); }

  bool failed() const { return lines_.failed(); }
  const std::string& error() const { return lines_.error(); }

 private:
  void split(std::string_view text);
  void fail_field(std::size_t field, const std::string& name, const std::string& expected);

  TextLines lines_;
  std::string separator_ = ",";
  std::vector<std::string_view> fields_;  // into the line
};

/// As short as reads back the same, without an exponent if that is short too.
std::string number_text(double value);

}  // namespace tardigrad
