#include "scenarios/src/system/held_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

int open_folder(const fs::path& path) { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

/// False if another process has the folder. On file systems without locks every process gets it.
bool lock(int descriptor, int kind) { return ::flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK; }

/// The test itself does not disturb other tests.
bool is_held(const fs::path& folder) {
  const int descriptor = open_folder(folder);
  if (descriptor < 0) return false;
  const bool held = !lock(descriptor, LOCK_SH);
  ::close(descriptor);
  return held;
}

/// True if runs or sweeps hold the folder for their results; other programs may lock their own.
bool is_ours(const fs::path& folder) {
  std::error_code missing;
  return fs::exists(folder / "scenario.toml", missing) || fs::exists(folder / "sweep.csv", missing);
}

std::string taken(const fs::path& folder) {
  return fmt::format("{}: another process is at work in it; name another folder with --out, or wait for its end",
                     folder.string());
}

}  // namespace

HeldFolder::HeldFolder(const fs::path& path) : descriptor_(open_folder(path)), taken_(!lock(descriptor_, LOCK_EX)) {}

HeldFolder::~HeldFolder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool HeldFolder::sync() const { return ::fsync(descriptor_) == 0; }

std::string objection_to_holding(const fs::path& folder) {
  if (is_held(folder)) return taken(folder);
  std::error_code failed;
  fs::path around = fs::weakly_canonical(fs::absolute(folder, failed), failed);
  while (around.has_relative_path()) {
    around = around.parent_path();
    if (is_ours(around) && is_held(around)) return taken(around);
  }
  return {};
}

HeldFolderResult hold_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return {nullptr, fmt::format("{}: cannot be made: {}", folder.string(), failed.message())};
  auto held = std::make_shared<const HeldFolder>(folder);
  if (held->is_taken()) return {nullptr, taken(folder)};
  return {std::move(held), {}};
}

}  // namespace tardigrad
