/// Scenario files: TOML to `Scenario` with every key checked, and back.
/// `tardigrad list keys` has all keys, as the sections describe them (scenarios/src/scenario/sections/).
/// Paths are relative to the scenario file; those from an override, to the working directory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

struct ScenarioResult {
  std::optional<Scenario> scenario;
  /// Without a scenario: the mistake that was found first, as one line, "file:line:column: mistake, expected value".
  std::string error;
  /// All mistakes of the file, a line each.
  std::vector<std::string> mistakes{};
};

/// `overrides` are texts such as "network.uplink=30Mbps" or "algorithm.0.recipients=3".
ScenarioResult load_scenario(const std::string& path, const std::vector<std::string>& overrides = {});
/// Reads from memory; `name` stands for the file in errors and gives the scenario its default name.
ScenarioResult parse_scenario(std::string_view text, const std::string& name,
                              const std::vector<std::string>& overrides = {});

/// The scenario as TOML with every default filled in: loading it gives an equal scenario, and writing that the
/// same bytes.
std::string to_toml(const Scenario& scenario);

}  // namespace tardigrad
