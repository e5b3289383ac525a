/// What must hold before a file is read: it is there, it can be opened, and reading it ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tardigrad {

struct RegularFile {
  std::uint64_t size = 0;  ///< bytes
  std::string error;  ///< empty, or one sentence: there is no such file, it is something else, or why it stays shut
  bool is_missing = false;  ///< of an error: there is no such file
};

RegularFile regular_file(const std::filesystem::path& path);

/// What the system says of the call that has just failed: "Permission denied".
std::string reason_of_system();

}  // namespace tardigrad
