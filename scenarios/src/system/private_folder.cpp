#include "scenarios/src/system/private_folder.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

namespace tardigrad {

PrivateFolder::PrivateFolder() {
  std::error_code failure;
  std::string place = (std::filesystem::temp_directory_path(failure) / "tardigrad-XXXXXX").string();
  if (!failure && mkdtemp(place.data()) != nullptr) path_ = place;
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace tardigrad
