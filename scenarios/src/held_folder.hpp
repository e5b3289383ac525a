/// Work on a folder that two processes must not do at once.
#pragma once

#include <filesystem>

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

}  // namespace tardigrad
