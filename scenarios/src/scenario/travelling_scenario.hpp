/// A scenario as it is sent to hosts: with the files that it names, so that no host needs to have them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario_file.hpp"

namespace tardigrad {

/// Bytes of all the files together: so many fit into one frame of the transport, with the scenario.
inline constexpr std::uint64_t kMostTravellingBytes = std::uint64_t{40} << 20;

struct TravellingScenario {
  std::string text;                ///< TOML, resolved; the files are called as `travelling_name` says
  std::vector<std::string> files;  ///< their contents
};

/// What the file at this place of `files` is called.
std::string travelling_name(std::size_t place);

struct TravellingResult {
  TravellingScenario scenario;
  std::string error;  ///< one line if a file cannot be read any more, or all are too large
};

/// Edge lists, traces, tables of links and a model's module go along; the data set does not.
TravellingResult pack(Scenario scenario);

/// The scenario after its way. `folder` gets the files, which must stay there as long as the scenario is used.
ScenarioResult unpack(const TravellingScenario& scenario, const std::filesystem::path& folder);

}  // namespace tardigrad
