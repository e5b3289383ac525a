/// Reads users' files as text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tardigrad {

/// A file's bytes; nothing if it is no file, cannot be read or is longer than `longest`.
std::optional<std::string> file_text(const std::filesystem::path& file, std::uintmax_t longest);

}  // namespace tardigrad
