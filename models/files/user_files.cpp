#include "models/files/user_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <regex>
#include <string_view>
#include <system_error>

#include "models/files/regular_file.hpp"
#include "models/unusable.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

bool is_left_by_others(const std::string& name) {
  constexpr std::array<std::string_view, 4> kLeft = {"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin"};
  return name.front() == '.' || std::find(kLeft.begin(), kLeft.end(), lower(name)) != kLeft.end();
}

void require_folder(const fs::path& folder) {
  std::error_code failure;
  const fs::file_status status = fs::status(folder, failure);
  if (status.type() == fs::file_type::not_found) {
    throw Missing(fmt::format("there is no folder {}", folder.string()));
  }
  if (failure) throw Unusable(fmt::format("cannot read the folder {}: {}", folder.string(), failure.message()));
  if (!fs::is_directory(status)) throw Missing(fmt::format("{} is not a folder", folder.string()));
}

std::string first_bytes(const fs::path& file, std::uint64_t size) {
  std::string bytes(size, '\0');
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(size))) {
    throw Unusable(fmt::format("cannot read {}: {}", file.string(), errno == 0 ? "it has shrunk" : reason_of_system()));
  }
  return bytes;
}

}  // namespace

std::uint64_t size_of_file(const fs::path& file) {
  const RegularFile on_disk = regular_file(file);
  if (on_disk.is_missing) throw Missing(on_disk.error);
  if (!on_disk.error.empty()) throw Unusable(on_disk.error);
  return on_disk.size;
}

std::string content_of(const fs::path& file, std::uint64_t most) {
  const std::uint64_t size = size_of_file(file);
  if (size > most) {
    throw Unusable(fmt::format("{} has {} bytes, expected at most {}", file.string(), size, most));
  }
  return first_bytes(file, size);
}

std::string beginning_of(const fs::path& file, std::size_t most) {
  return first_bytes(file, std::min<std::uint64_t>(size_of_file(file), most));
}

std::vector<std::string> names_in(const fs::path& folder,
                                  const std::function<bool(const fs::directory_entry&)>& wanted) {
  require_folder(folder);
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (!is_left_by_others(name) && wanted(*entry)) names.push_back(name);
  }
  if (failure) throw Unusable(fmt::format("cannot read the folder {}: {}", folder.string(), failure.message()));
  std::sort(names.begin(), names.end());
  return names;
}

std::string original_name(const std::string& name) {
  static const std::regex mark(R"(( ?\(\d+\)| - copy| copy)(?=\.|$))");
  return std::regex_replace(lower(name), mark, "");
}

fs::path first_in(const fs::path& folder, const std::vector<std::string>& names) {
  const std::vector<std::string> there = names_in(folder, [](const fs::directory_entry&) { return true; });
  for (const std::string& name : names) {
    if (std::binary_search(there.begin(), there.end(), name)) return folder / name;
    const auto same = [&](const std::string& other) { return lower(other) == lower(name); };
    const auto copy = [&](const std::string& other) { return original_name(other) == lower(name); };
    auto found = std::find_if(there.begin(), there.end(), same);
    if (found == there.end()) found = std::find_if(there.begin(), there.end(), copy);
    if (found != there.end()) return folder / *found;
  }
  return {};
}

}  // namespace tardigrad
