/// Reserves a folder for one process.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace tardigrad {

/// An open folder. One process at a time holds it until that process ends, however it ends.
class HeldFolder {
 public:
  explicit HeldFolder(const std::filesystem::path& path);
  ~HeldFolder();
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;

  /// True if another process holds the folder.
  bool is_taken() const { return taken_; }
  /// fsyncs the folder, so that renames survive a power cut. False on failure, with errno set.
  bool sync() const;

 private:
  int descriptor_;
  bool taken_;
};

/// The reason why nothing may be written to `folder`: another process holds it, or a run's or sweep's folder
/// around it. Empty if none does. Changes nothing.
std::string objection_to_holding(const std::filesystem::path& folder);

struct HeldFolderResult {
  std::shared_ptr<const HeldFolder> folder;
  std::string error;
};

/// Holds the folder from now on, and makes it if it does not exist; or returns one line. Folders around it are
/// not examined.
HeldFolderResult hold_folder(const std::filesystem::path& folder);

}  // namespace tardigrad
