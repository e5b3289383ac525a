/// Computes the checksum of a file.
#pragma once

#include <filesystem>
#include <string>

namespace tardigrad {

/// SHA-256 of the file's content, 64 hexadecimal digits; empty if it cannot be read.
std::string sha256_of(const std::filesystem::path& file);

}  // namespace tardigrad
