/// Work on a folder that two processes must not do at once.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace tardigrad {

/// An open folder. One process at a time has it for itself, until it ends, however it ends.
class HeldFolder {
 public:
  explicit HeldFolder(const std::filesystem::path& path);
  ~HeldFolder();
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;

  /// By another process.
  bool is_taken() const { return taken_; }
  /// After a power cut, too, names are those of the files that have them now. False: errno says why not.
  bool sync() const;

 private:
  int descriptor_;
  bool taken_;
};

/// Why nothing may be written to `folder`: another process has it, or a run's or sweep's folder that it lies in. Empty
/// if nobody does. Changes nothing.
std::string objection_to_holding(const std::filesystem::path& folder);

struct HeldFolderResult {
  std::shared_ptr<const HeldFolder> folder;
  std::string error;
};

/// Has the folder from now on, makes it if it is not there; or one line. What lies around it is not looked at.
HeldFolderResult hold_folder(const std::filesystem::path& folder);

}  // namespace tardigrad
