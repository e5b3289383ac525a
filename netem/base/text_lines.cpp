#include "netem/base/text_lines.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The kind of binary file that begins so; empty for text.
std::string kind_of_binary(std::string_view beginning) {
  for (const auto& [magic, name] :
       {std::pair("\x1F\x8B", "gzip"), std::pair("BZh", "bzip2"), std::pair("\xFD\x37zXZ", "xz"),
        std::pair("PK\x03\x04", "zip"), std::pair("\x28\xB5\x2F\xFD", "zstd")}) {
    if (begins_with(beginning, magic)) return std::string("is compressed (") + name + "): unpack it first";
  }
  const bool utf_16 = begins_with(beginning, "\xFF\xFE") || begins_with(beginning, "\xFE\xFF");
  return utf_16 ? "is UTF-16 text: save it as UTF-8" : "";
}

}  // namespace

TextLines::TextLines(const std::string& file, std::size_t longest_line) : file_(file), line_(longest_line + 1) {
  errno = 0;
  stream_ = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*stream_) fail_file("cannot be opened: " + std::generic_category().message(errno));
}

TextLines::TextLines(const std::string& name, std::string_view text, std::size_t longest_line)
    : file_(name), stream_(std::make_unique<std::istringstream>(std::string(text))), line_(longest_line + 1) {}

bool TextLines::next() { return read_line() && !failed(); }

bool TextLines::read_line() {
  if (failed() || stream_->eof()) return false;
  stream_->getline(line_.data(), static_cast<std::streamsize>(line_.size()));
  if (stream_->bad()) {
    fail_file("cannot be read: expected a text file");
    return false;
  }
  if (stream_->eof() && stream_->gcount() == 0) return false;
  ++line_number_;
  const bool whole = !stream_->fail();
  const auto got = static_cast<std::size_t>(stream_->gcount());
  std::string_view text(line_.data(), whole && !stream_->eof() ? got - 1 : got);
  const std::string binary = line_number_ == 1 ? kind_of_binary(text) : "";
  if (!binary.empty()) {
    fail_file(binary);
  } else if (!whole) {
    fail("expected a line of at most " + std::to_string(line_.size() - 1) + " characters");
  }
  if (line_number_ == 1 && begins_with(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  text_ = trimmed(text);
  return true;
}

void TextLines::fail_at(std::size_t line, const std::string& what) {
  if (!failed()) error_ = file_ + ":" + std::to_string(line) + ": " + what;
}

void TextLines::fail_file(const std::string& what) {
  if (!failed()) error_ = file_ + ": " + what;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out = "\"";
  for (const char c : text.substr(0, longest)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > longest ? "...\"" : "\"");
}

}  // namespace tardigrad
