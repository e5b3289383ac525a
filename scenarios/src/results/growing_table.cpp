#include "scenarios/src/results/growing_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace tardigrad {

GrowingTable::GrowingTable(std::filesystem::path path, const std::string& header)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "w")) {
  if (!file_) fail();
  write(header);
}

GrowingTable::GrowingTable(std::filesystem::path path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "r+")) {
  if (!file_ || std::fseek(file_.get(), 0, SEEK_END) != 0) fail();
}

void GrowingTable::cut(std::int64_t length) {
  if (!error_.empty()) return;
  if (length < 0 || std::fseek(file_.get(), 0, SEEK_END) != 0 || std::ftell(file_.get()) < length) {
    return fail("is shorter than it was when the checkpoint was written");
  }
  if (ftruncate(fileno(file_.get()), length) != 0 || std::fseek(file_.get(), length, SEEK_SET) != 0) fail();
}

void GrowingTable::write(const std::string& line) {
  if (error_.empty() && std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()) fail();
}

void GrowingTable::flush() {
  if (error_.empty() && std::fflush(file_.get()) != 0) fail();
}

std::int64_t GrowingTable::sync() {
  flush();
  const std::int64_t length = error_.empty() ? std::ftell(file_.get()) : 0;
  if (error_.empty() && (length < 0 || fsync(fileno(file_.get())) != 0)) fail();
  return length;
}

void GrowingTable::fail() { fail(fmt::format("cannot write: {}", std::strerror(errno))); }

void GrowingTable::fail(const std::string& why) {
  if (error_.empty()) error_ = fmt::format("{}: {}", path_.string(), why);
}

}  // namespace tardigrad
