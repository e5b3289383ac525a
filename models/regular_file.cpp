#include "models/regular_file.hpp"

#include <fmt/format.h>

#include <system_error>

namespace tardigrad {

RegularFile regular_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return {0, fmt::format("there is no file {}", path.string())};
  if (error) return {0, fmt::format("cannot open {}: {}", path.string(), error.message())};
  if (std::filesystem::is_directory(status)) return {0, fmt::format("{} is a folder, not a file", path.string())};
  if (!std::filesystem::is_regular_file(status)) return {0, fmt::format("{} is not a regular file", path.string())};
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return {0, fmt::format("cannot open {}: {}", path.string(), error.message())};
  return {size, ""};
}

}  // namespace tardigrad
