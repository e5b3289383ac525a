#include "scenarios/src/system/host_name.hpp"

#include <unistd.h>

#include <array>

#include "models/printable.hpp"

namespace tardigrad {

std::optional<std::string> host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return std::nullopt;
  return printable(name.data());
}

}  // namespace tardigrad
