/// Arguments that several sub-commands have, and their types.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "netem/base/units.hpp"
#include "scenarios/src/hosts/host_command.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

struct ScenarioArguments {
  std::string scenario;
  std::vector<std::string> overrides;
};

struct RunningArguments {
  std::vector<std::uint64_t> seeds;  ///< empty: those of the scenario
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

void add_scenario_arguments(CLI::App& command, ScenarioArguments& arguments,
                            const char* set = "override a key, such as network.uplink=30Mbps; may be repeated",
                            const char* set_type = "KEY=VALUE");

CLI::Option* add_seeds(CLI::App& command, const std::string& name, std::vector<std::uint64_t>& seeds,
                       const std::string& help);

void add_running_arguments(CLI::App& command, RunningArguments& arguments);

/// `help` may say more than "compute threads".
void add_threads(CLI::App& command, unsigned& threads, const std::string& help = "compute threads");

struct DurationBounds {
  Time least;
  Time most = kLongestDuration;
};

/// An option whose value is a duration; other values are refused, whether or not the option has an effect.
template <class Value>
CLI::Option* add_duration(CLI::App& command, const std::string& name, Value& value, const std::string& help,
                          const DurationBounds& bounds) {
  const auto read = [name, bounds, &value](const std::string& text) {
    const auto parsed = parse_duration(text);
    if (!parsed.value) throw CLI::ValidationError(name, parsed.error);
    if (*parsed.value < bounds.least || *parsed.value > bounds.most) {
      throw CLI::ValidationError(name, fmt::format("expected from {} to {}, got {}", duration_text(bounds.least),
                                                   duration_text(bounds.most), text));
    }
    value = *parsed.value;
  };
  return command.add_option_function<std::string>(name, read, help)->type_name("DURATION");
}

void add_peer_arguments(CLI::App& command, PeerArguments& peers);

}  // namespace tardigrad
