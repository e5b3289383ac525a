/// Reads comma-separated files that users write: traces, matrices and the like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netem/base/text_lines.hpp"

namespace tardigrad {

/// Walks over the lines of one file. Fields are not quoted; one or more separators stand between them. Blanks
/// around fields, empty lines and all that follows a '#' are skipped. Takes the memory of one line. The first
/// mistake ends the walk: `next` is false from then on, and `error` is one line that says where the mistake is
/// and what is wrong.
class CsvLines {
 public:
  CsvLines(const std::string& file, std::size_t longest_line, std::string separator = ",");
  /// Reads from memory; error messages call the text `name`.
  CsvLines(const std::string& name, std::string_view text, std::size_t longest_line);

  /// Goes to the next line that has fields; false at the end of the file or after a mistake.
  bool next();

  const std::vector<std::string_view>& fields() const { return fields_; }
  /// The line to which the present fields belong.
  std::string_view text() const { return lines_.text(); }
  std::size_t line() const { return lines_.line(); }

  /// The field as a number; a number outside `lowest` to `highest` is a mistake. `name` is the field's name in
  /// the error.
  std::optional<double> number(std::size_t field, const std::string& name, double lowest, double highest);
  /// The field as a whole number below `bound`.
  std::optional<std::uint32_t> index(std::size_t field, const std::string& name, std::uint32_t bound);
  /// Reports a mistake in the present line: "file:line: what".
  void fail(const std::string& what) { lines_.fail(what); }
  void fail_at(std::size_t line, const std::string& what) { lines_.fail_at(line, what); }
  /// Reports a mistake of the file as a whole.
  void fail_file(const std::string& what) { lines_.fail_file(what); }

  bool failed() const { return lines_.failed(); }
  const std::string& error() const { return lines_.error(); }

 private:
  void split(std::string_view text);
  void refuse_other_separators(std::string_view text);
  void fail_field(std::size_t field, const std::string& name, const std::string& expected);

  TextLines lines_;
  std::string separator_ = ",";
  std::vector<std::string_view> fields_;  // views into the line of lines_
};

/// The shortest text that reads back as the same number, without an exponent if that is as short.
std::string number_text(double value);

}  // namespace tardigrad
