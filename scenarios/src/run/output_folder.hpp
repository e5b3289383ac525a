/// The output folder of a run: existing files are lost only if the user agrees.
#pragma once

#include <filesystem>
#include <string>

namespace tardigrad {

/// The reason why a run may not write there; empty if it may. Changes nothing. `force` allows a folder with an
/// earlier run's results (it holds a scenario.toml), no other.
std::string objection_to_output(const std::filesystem::path& folder, bool force);

/// True for a path in the folder whose name is that of a file which a run writes there.
bool is_file_of_run(const std::filesystem::path& path, const std::filesystem::path& folder);

/// Creates the folder, removes an earlier run's files, and writes scenario.toml. Returns one line on failure,
/// else an empty text.
std::string prepare_output(const std::filesystem::path& folder, const std::string& scenario_toml);

/// Writes a whole file; returns one line on failure, else an empty text.
std::string write_file(const std::filesystem::path& path, const std::string& content);

}  // namespace tardigrad
