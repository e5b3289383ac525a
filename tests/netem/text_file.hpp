/// A text in a file of its own, gone with the object.
#pragma once

#include <string>

#include "tests/temporary_folder.hpp"

namespace tardigrad {

class TextFile {
 public:
  explicit TextFile(const std::string& text) : path_(folder_.write("text.csv", text)) {}

  const std::string& path() const { return path_; }

 private:
  test::TemporaryFolder folder_;
  std::string path_;
};

}  // namespace tardigrad
