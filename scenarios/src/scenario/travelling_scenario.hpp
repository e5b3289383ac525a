/// A scenario for sending to hosts: with the files that it names, so that no host needs to have them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "scenarios/src/scenario/scenario_file.hpp"

namespace tardigrad {

/// The greatest size of all files together: so many bytes fit into one frame of the transport, with the
/// scenario.
inline constexpr std::uint64_t kMostTravellingBytes = std::uint64_t{40} << 20;

struct TravellingScenario {
  std::string text;                ///< TOML, resolved; files have the names of `travelling_name`
  std::vector<std::string> files;  ///< their contents
  /// Which of them are code in Python: a host that runs none can refuse them before it reads anything else.
  std::set<std::uint32_t> code{};
};

/// The name of the file at this index of `files`. Only what is said to be code has a name by which Python takes it.
std::string travelling_name(const TravellingScenario& scenario, std::size_t place);

struct TravellingResult {
  TravellingScenario scenario;
  std::string error;  ///< one line if a file cannot be read any more, or all are too large
};

/// Includes edge lists, traces, tables of links, a model's module and files with code in Python, but not the data set.
TravellingResult pack(Scenario scenario);

/// The received scenario, or one line, also if it names a file besides its data that has not come with it. Its files
/// are written to `folder`, where they must stay as long as the scenario is used.
ScenarioResult unpack(const TravellingScenario& scenario, const std::filesystem::path& folder);

}  // namespace tardigrad
