/// What readers of data sets ask of a file system: whole files, and what a folder has.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tardigrad {

/// All bytes of a file. Throws Unusable: there is no such file, it has more than `most`, or it cannot be read.
std::string content_of(const std::filesystem::path& file, std::uint64_t most = UINT64_MAX);

/// Names of what the folder has of this sort, sorted; none that begins with a dot. Throws Unusable: there is no such
/// folder, or it cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder,
                                  const std::function<bool(const std::filesystem::directory_entry&)>& wanted);

}  // namespace tardigrad
