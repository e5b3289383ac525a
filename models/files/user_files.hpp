/// Files for the readers of data sets: their whole content, and the names in a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tardigrad {

/// The size of a file that can be opened. Throws Missing or Unusable with the reason.
std::uint64_t size_of_file(const std::filesystem::path& file);

/// All bytes of a file. Throws Missing or Unusable if there is no such file, it has more than `most` bytes, or
/// it cannot be read.
std::string content_of(const std::filesystem::path& file, std::uint64_t most = UINT64_MAX);

/// The first bytes of a file, at most so many. Throws as `content_of`.
std::string beginning_of(const std::filesystem::path& file, std::size_t most);

/// The sorted names of a folder's entries of this kind, without names that begin with a dot and without the
/// files of unpackers and file managers (__MACOSX, Thumbs.db, desktop.ini). Throws Missing or Unusable if there
/// is no such folder or it cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder,
                                  const std::function<bool(const std::filesystem::directory_entry&)>& wanted);

/// The name in small letters, without what browsers and file managers add to that of a copy: "ratings (1).CSV" and
/// "ratings - Copy.csv" are copies of ratings.csv.
std::string original_name(const std::string& name);

/// The path of the first of these names that the folder has, in capital letters or not, or else a copy of it; empty if
/// it has none of them. Throws as `names_in`.
std::filesystem::path first_in(const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace tardigrad
