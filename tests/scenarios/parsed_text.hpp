/// Reads the text of a scenario as if it were that of the file s.toml.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "scenarios/src/scenario/scenario_file.hpp"

namespace tardigrad::test {

/// The scenario, which must be one.
inline Scenario parsed(const std::string& text) {
  auto result = parse_scenario(text, "s.toml");
  REQUIRE_MESSAGE(result.scenario, result.error);
  return *result.scenario;
}

/// The complaint about what is no scenario, in one line.
inline std::string error_of(const std::string& text) {
  const auto result = parse_scenario(text, "s.toml");
  CHECK_FALSE(result.scenario);
  CHECK(result.error.find('\n') == std::string::npos);
  return result.error;
}

}  // namespace tardigrad::test
