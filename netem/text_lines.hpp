/// Walks over the lines of the text files that users bring, however large they are.
#pragma once

#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

/// Lines without the blanks around them, a carriage return or a byte order mark. Memory of one line. The first mistake
/// ends it: `next` is false from then on, and `error` is one line that says where and what.
class TextLines {
 public:
  /// A file that cannot be read is a mistake, one that is no text, but compressed or UTF-16, too.
  TextLines(const std::string& file, std::size_t longest_line);
  /// The same from memory; `name` stands for the file in mistakes.
  TextLines(const std::string& name, std::string_view text, std::size_t longest_line);

  /// Goes to the next line; false at the end of the file or after a mistake.
  bool next();
  std::string_view text() const { return text_; }
  std::size_t line() const { return line_number_; }

  /// States that there is a mistake in the present line: "file:line: what".
  void fail(const std::string& what) { fail_at(line_number_, what); }
  void fail_at(std::size_t line, const std::string& what);
  /// The same for the file as a whole.
  void fail_file(const std::string& what);

  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }

 private:
  bool read_line();

  std::string file_;
  std::unique_ptr<std::istream> stream_;
  std::vector<char> line_;
  std::size_t line_number_ = 0;
  std::string_view text_;  // into line_
  std::string error_;
};

/// Without the blanks around it.
std::string_view trimmed(std::string_view text);

/// A text out of a file, for an error message: in quotes, short, control characters as '?'.
std::string quoted(std::string_view text);

}  // namespace tardigrad
