/// The numeric cases that protocols and codecs must reproduce: JSON files, from $TARDIGRAD_VECTORS if it is
/// set, so that anyone can run further cases of the same form.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/values.hpp"
#include "tests/places.hpp"

namespace tardigrad::test {

/// Every case whose file name begins with `kind`, in order of names; at least one. `kind` may have a folder in
/// front: "crosschecked/topk".
inline std::vector<nlohmann::json> vector_cases(const std::string& kind) {
  const char* chosen = std::getenv("TARDIGRAD_VECTORS");
  const auto prefix = std::filesystem::path(chosen ? chosen : TARDIGRAD_SOURCE_DIR "/tests/vectors") / kind;
  const std::filesystem::path folder = prefix.parent_path();
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(prefix.filename().string(), 0) == 0 && entry.path().extension() == ".json")
      paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  REQUIRE_MESSAGE(!paths.empty(), "no case of " << kind << " in " << folder);
  std::vector<nlohmann::json> cases;
  for (const auto& path : paths) cases.push_back(nlohmann::json::parse(std::ifstream(path)));
  return cases;
}

inline void check_close(const Values& values, const std::vector<double>& expected, double tolerance = 2e-6) {
  REQUIRE(values.size() == expected.size());
  for (std::size_t p = 0; p < values.size(); ++p) {
    INFO("parameter " << p);
    CHECK(std::abs(static_cast<double>(values[p]) - expected[p]) <= tolerance);
  }
}

inline SharedValues shared(Values values) { return share(std::move(values)); }

}  // namespace tardigrad::test
