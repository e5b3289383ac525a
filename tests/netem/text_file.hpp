/// A text in a file of its own, gone with the object.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

namespace tardigrad {

class TextFile {
 public:
  explicit TextFile(const std::string& text) {
    static std::atomic<int> count{0};
    const std::string name = "tardigrad-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".csv";
    path_ = (std::filesystem::temp_directory_path() / name).string();
    std::ofstream(path_, std::ios::binary) << text;
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile() { std::filesystem::remove(path_); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tardigrad
