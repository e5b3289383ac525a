#include "runtime/actor/caf_version.hpp"

#include <caf/config.hpp>

namespace tardigrad {

std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + '.' + std::to_string(CAF_MINOR_VERSION) + '.' +
         std::to_string(CAF_PATCH_VERSION);
}

}  // namespace tardigrad
