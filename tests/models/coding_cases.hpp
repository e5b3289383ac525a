/// The numeric cases that codings must reproduce: JSON files, from $TARDIGRAD_VECTORS where it is set, so that anyone
/// can run further cases of the same form.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tardigrad::test {

/// Every file whose path below the folder of vectors begins with `kind`, in order of names; at least one.
inline std::vector<nlohmann::json> coding_cases(const std::string& kind) {
  const char* chosen = std::getenv("TARDIGRAD_VECTORS");
  const std::filesystem::path start =
      std::filesystem::path(chosen ? chosen : TARDIGRAD_SOURCE_DIR "/tests/vectors") / kind;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(start.parent_path())) {
    const bool of_kind = entry.path().filename().string().rfind(start.filename().string(), 0) == 0;
    if (of_kind && entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  REQUIRE_MESSAGE(!paths.empty(), "no case of " << kind << " in " << start.parent_path());
  std::vector<nlohmann::json> cases;
  for (const auto& path : paths) cases.push_back(nlohmann::json::parse(std::ifstream(path)));
  return cases;
}

}  // namespace tardigrad::test
