/// The table and report of finished runs.
#pragma once

#include <filesystem>
#include <vector>

namespace tardigrad {

/// Prints the table and writes the report of finished runs, into a folder that this process holds. Returns an exit
/// code.
int report_on(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& out);

}  // namespace tardigrad
