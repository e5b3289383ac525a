/// The runs in the folder of a sweep.
#pragma once

#include <filesystem>
#include <vector>

namespace tardigrad {

/// Of a sweep's folder (it holds a sweep.csv) the folders of the points that have begun, in natural order of their
/// names; any other folder is one of a run itself.
std::vector<std::filesystem::path> run_folders_of(const std::filesystem::path& results);

}  // namespace tardigrad
