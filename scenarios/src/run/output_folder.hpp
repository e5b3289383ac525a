/// The folder that a run writes to: nothing that is there is lost unless the user says so.
#pragma once

#include <filesystem>
#include <string>

namespace tardigrad {

/// Why a run may not write there; empty if it may. Changes nothing. `force` allows a folder that an
/// earlier run left (it holds a scenario.toml), nothing else.
std::string objection_to_output(const std::filesystem::path& folder, bool force);

/// Creates the folder, empties what an earlier run left, and writes scenario.toml. One line if
/// that fails, else empty.
std::string prepare_output(const std::filesystem::path& folder, const std::string& scenario_toml);

/// Writes a whole file; one line if that fails, else empty.
std::string write_file(const std::filesystem::path& path, const std::string& content);

}  // namespace tardigrad
