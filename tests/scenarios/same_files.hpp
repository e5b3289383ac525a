/// Compares the files that must not differ between runs.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/temporary_folder.hpp"

namespace tardigrad::test {

/// Every CSV file in `a` and its folders is in `b`, with the same bytes; there are at least so many.
inline void check_same_files(const std::filesystem::path& a, const std::filesystem::path& b, std::size_t least) {
  namespace fs = std::filesystem;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(a)) {
    if (entry.path().extension() != ".csv") continue;
    const fs::path name = fs::relative(entry.path(), a);
    INFO(name.string());
    CHECK((content_of(entry.path()) == content_of(b / name)));
    ++files;
  }
  CHECK(files >= least);
}

}  // namespace tardigrad::test
