/// Checks a file before it is read: it must exist, be readable, and end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tardigrad {

struct RegularFile {
  std::uint64_t size = 0;  ///< bytes
  std::string error;  ///< one sentence (no such file, another kind of file, or the reason why it cannot be opened);
                      ///< empty on success
  bool is_missing = false;  ///< for an error: true if the file does not exist
};

RegularFile regular_file(const std::filesystem::path& path);

/// The system's message about the call that has just failed: "Permission denied".
std::string reason_of_system();

}  // namespace tardigrad
