#include "models/user_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "models/regular_file.hpp"
#include "models/unusable.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file, std::uint64_t most) {
  const RegularFile on_disk = regular_file(file);
  if (!on_disk.error.empty()) throw Unusable(on_disk.error);
  if (on_disk.size > most) {
    throw Unusable(fmt::format("{} has {} bytes, expected at most {}", file.string(), on_disk.size, most));
  }
  std::string bytes(on_disk.size, '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw Unusable(fmt::format("cannot read {}", file.string()));
  }
  return bytes;
}

std::vector<std::string> names_in(const fs::path& folder,
                                  const std::function<bool(const fs::directory_entry&)>& wanted) {
  std::vector<std::string> names;
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) throw Unusable(fmt::format("there is no folder {}", folder.string()));
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (name.front() != '.' && wanted(*entry)) names.push_back(name);
  }
  if (failure) throw Unusable(fmt::format("cannot read the folder {}: {}", folder.string(), failure.message()));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tardigrad
