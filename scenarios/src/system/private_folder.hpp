/// A folder of this process alone, removed with it.
#pragma once

#include <filesystem>

namespace tardigrad {

class PrivateFolder {
 public:
  /// Among the system's temporary files; not readable for other users.
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  /// Empty if it could not be made.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tardigrad
