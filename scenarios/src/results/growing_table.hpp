/// One CSV file that grows while a run goes on, and can be gone on with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "scenarios/src/system/open_file.hpp"

namespace tardigrad {

/// The first failure is kept, and nothing is written after it.
class GrowingTable {
 public:
  GrowingTable() = default;
  /// Creates the file with its header line.
  GrowingTable(std::filesystem::path path, const std::string& header);
  /// Goes on at the end of a file that is there.
  explicit GrowingTable(std::filesystem::path path);

  /// As it was when it was so long: what has been written since is cut off.
  void cut(std::int64_t length);
  void write(const std::string& line);
  void flush();
  /// What has been written is on disk then; returns how long the file is.
  std::int64_t sync();

  /// One line, which names the file; empty as long as all is well.
  const std::string& error() const { return error_; }

 private:
  void fail();
  void fail(const std::string& why);

  std::filesystem::path path_;
  OpenFile file_;
  std::string error_;
};

}  // namespace tardigrad
