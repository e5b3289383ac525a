/// Unpacks archives of other authors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tardigrad {

/// Writes the files and folders of a .zip, .tar or .tar.gz into `folder`, which exists. Nothing is written
/// elsewhere: an archive with a path that leads out of it, or with a link or a device, is refused, and so is
/// one of more than `most_bytes`. Returns an empty text, or one line without the archive's name; files written
/// before a failure stay.
std::string unpack(const std::filesystem::path& archive, const std::filesystem::path& folder, std::uint64_t most_bytes);

}  // namespace tardigrad
