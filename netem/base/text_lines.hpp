/// Walks over the lines of users' text files, however large these are.
#pragma once

#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

/// Lines without surrounding blanks, carriage returns or a byte order mark. Takes the memory of one line. The
/// first mistake ends the walk: `next` is false from then on, and `error` is one line that says where the
/// mistake is and what is wrong.
class TextLines {
 public:
  /// A file that cannot be read, is compressed, in UTF-16 or otherwise no text is a mistake.
  TextLines(const std::string& file, std::size_t longest_line);
  /// Reads from memory; error messages call the text `name`.
  TextLines(const std::string& name, std::string_view text, std::size_t longest_line);

  /// Goes to the next line; false at the end of the file or after a mistake.
  bool next();
  std::string_view text() const { return text_; }
  std::size_t line() const { return line_number_; }

  /// Reports a mistake in the present line: "file:line: what".
  void fail(const std::string& what) { fail_at(line_number_, what); }
  void fail_at(std::size_t line, const std::string& what);
  /// Reports a mistake of the file as a whole.
  void fail_file(const std::string& what);

  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  bool read_line();

  std::string file_;
  std::unique_ptr<std::istream> stream_;
  std::vector<char> line_;
  std::size_t line_number_ = 0;
  std::string_view text_;  // a view into line_
  std::string error_;
};

/// Quotes a text from a file in an error message: shortened, with control characters as '?'.
std::string quoted(std::string_view text);

}  // namespace tardigrad
