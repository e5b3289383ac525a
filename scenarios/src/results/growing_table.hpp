/// A CSV file that grows during a run, and can be continued.
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
  /// Continues at the end of an existing file.
  explicit GrowingTable(std::filesystem::path path);

  /// Cuts the file to an earlier length.
  void cut(std::int64_t length);
  void write(const std::string& line);
  void flush();
  /// Writes everything to disk; returns the file's length.
  std::int64_t sync();

  /// One line, which names the file; empty without a failure.
  const std::string& error() const { return error_; }

 private:
  void fail();
  void fail(const std::string& why);

  std::filesystem::path path_;
  OpenFile file_;
  std::string error_;
};

}  // namespace tardigrad
