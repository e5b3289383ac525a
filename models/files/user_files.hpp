/// What readers of data sets ask of a file system: whole files, and what a folder has.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tardigrad {

/// The size of a file that can be opened. Throws Missing or Unusable: why it cannot be read.
std::uint64_t size_of_file(const std::filesystem::path& file);

/// All bytes of a file. Throws Missing or Unusable: there is no such file, it has more than `most`, or it cannot be
/// read.
std::string content_of(const std::filesystem::path& file, std::uint64_t most = UINT64_MAX);

/// Its first bytes, at most so many. Throws as `content_of`.
std::string beginning_of(const std::filesystem::path& file, std::size_t most);

/// Names of what the folder has of this sort, sorted; nothing that begins with a dot, and nothing that unpackers and
/// file managers leave beside what is meant (__MACOSX, Thumbs.db, desktop.ini). Throws Missing or Unusable: there is no
/// such folder, or it cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder,
                                  const std::function<bool(const std::filesystem::directory_entry&)>& wanted);

/// The path of the first of these names that the folder has, in capital letters or not; empty if it has none of them.
/// Throws as `names_in`.
std::filesystem::path first_in(const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace tardigrad
