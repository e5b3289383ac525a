#include "models/files/regular_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

RegularFile absent(const fs::path& path) {
  std::error_code no_link;
  const fs::path target = fs::read_symlink(path, no_link);
  if (no_link) return {0, fmt::format("there is no file {}", path.string()), true};
  return {0, fmt::format("{} is a link to {}, which is not there", path.string(), target.string()), true};
}

RegularFile shut(const fs::path& path, const std::string& reason) {
  return {0, fmt::format("cannot open {}: {}", path.string(), reason)};
}

}  // namespace

RegularFile regular_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return absent(path);
  if (error) return shut(path, error.message());
  if (fs::is_directory(status)) return {0, fmt::format("{} is a folder, not a file", path.string())};
  if (!fs::is_regular_file(status)) return {0, fmt::format("{} is not a regular file", path.string())};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return shut(path, reason_of_system());
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return shut(path, error.message());
  return {size, ""};
}

std::string reason_of_system() { return std::generic_category().message(errno); }

}  // namespace tardigrad
