/// Data sets that may be missing on a machine.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/places.hpp"

namespace tardigrad::test {

/// The folder `name` in TARDIGRAD_DATA, or else in the source tree's data/. Empty if it does not exist: then a
/// line says that the test is skipped.
inline std::filesystem::path real_data(const char* name) {
  const char* const named = std::getenv("TARDIGRAD_DATA");
  const std::filesystem::path data = named != nullptr ? named : TARDIGRAD_SOURCE_DIR "/data";
  if (std::filesystem::is_directory(data / name)) return data / name;
  MESSAGE("skipped: there is no folder " << (data / name).string() << " (TARDIGRAD_DATA names another place)");
  return {};
}

}  // namespace tardigrad::test
