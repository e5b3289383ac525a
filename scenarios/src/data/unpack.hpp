/// Unpacks archives that others have made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tardigrad {

/// Writes the files and folders of a .zip, .tar or .tar.gz into `folder`, which exists. Nothing goes elsewhere: an
/// archive with a path that leads out of it, or with a link or a device, is refused, and so is one of more than
/// `most_bytes`. Empty if all is well, else one line without the archive's name; what was written before stays.
std::string unpack(const std::filesystem::path& archive, const std::filesystem::path& folder, std::uint64_t most_bytes);

}  // namespace tardigrad
