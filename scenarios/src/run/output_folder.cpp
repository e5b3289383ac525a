#include "scenarios/src/run/output_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/run/checkpoint.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

bool is_seed_folder(const std::string& name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.size() > 1 && name.front() == 's' && std::all_of(name.begin() + 1, name.end(), is_digit);
}

std::vector<fs::path> subfolders(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (entry.is_directory(failure)) found.push_back(entry.path());
  }
  return found;
}

std::vector<std::string> files_beside_runs() {
  return {"scenario.toml", "comparison.csv", statistics_column_texts().file, curve_columns().file(),
          "report.html",   kCheckpointName,  kUnfinishedCheckpointName};
}

/// Removes the files of runs in `folder`, but no other files that the user may keep there; a folder is removed
/// with its last file. Returns one line if a file stays.
std::string remove_runs(const fs::path& folder) {
  std::error_code failure;
  std::error_code not_empty;
  std::string stays;
  const auto remove = [&](const fs::path& file) {
    fs::remove(file, failure);
    if (failure) stays = fmt::format("{}: cannot remove: {}", file.string(), failure.message());
  };
  const std::vector<std::string> of_runs = {evaluation_columns().file(), round_columns().file(), link_columns().file(),
                                            energy_columns().file(), "summary.json"};
  for (const std::string& name : files_beside_runs()) remove(folder / name);
  for (const auto& algorithm : subfolders(folder)) {
    for (const auto& seed : subfolders(algorithm)) {
      if (!is_seed_folder(seed.filename().string())) continue;
      for (const std::string& name : of_runs) remove(seed / name);
      fs::remove(seed, not_empty);
    }
    fs::remove(algorithm, not_empty);
  }
  return stays;
}

}  // namespace

bool is_file_of_run(const fs::path& path, const fs::path& folder) {
  std::error_code unknown;
  const fs::path absolute = fs::weakly_canonical(fs::absolute(path, unknown), unknown);
  if (absolute.parent_path() != fs::weakly_canonical(fs::absolute(folder, unknown), unknown)) return false;
  const std::vector<std::string> names = files_beside_runs();
  return std::find(names.begin(), names.end(), absolute.filename().string()) != names.end();
}

std::string objection_to_output(const fs::path& folder, bool force) {
  std::error_code failure;
  const auto status = fs::status(folder, failure);
  if (status.type() == fs::file_type::not_found) return {};
  if (status.type() != fs::file_type::directory) return fmt::format("{}: not a folder", folder.string());
  const bool empty = fs::is_empty(folder, failure);
  if (failure) return fmt::format("{}: cannot read: {}", folder.string(), failure.message());
  if (empty) return {};
  if (!fs::exists(folder / "scenario.toml", failure)) {
    return fmt::format("{}: exists and is not the result of a run; name another folder with --out", folder.string());
  }
  if (force) return {};
  if (fs::exists(folder / kCheckpointName, failure)) {
    return fmt::format("{}: holds a run that was saved: go on with it by run --resume, or replace it with --force",
                       folder.string());
  }
  return fmt::format("{}: holds the results of a run; name another folder with --out, or replace them with --force",
                     folder.string());
}

std::string prepare_output(const fs::path& folder, const std::string& scenario_toml) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return fmt::format("{}: cannot create: {}", folder.string(), failure.message());
  const std::string stays = remove_runs(folder);
  return stays.empty() ? write_file(folder / "scenario.toml", scenario_toml) : stays;
}

std::string write_file(const fs::path& path, const std::string& content) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << content << std::flush;
  return file ? std::string() : fmt::format("{}: cannot write: {}", path.string(), std::strerror(errno));
}

}  // namespace tardigrad
