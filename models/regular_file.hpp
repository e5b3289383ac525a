/// What must hold before a file is opened: it is there, and reading it ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tardigrad {

struct RegularFile {
  std::uint64_t size = 0;  ///< bytes
  std::string error;       ///< empty, or one sentence: there is no such file, or it is something else
};

RegularFile regular_file(const std::filesystem::path& path);

}  // namespace tardigrad
