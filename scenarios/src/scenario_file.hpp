/// Scenario files: TOML to `Scenario` with every key checked, and back.
///
/// What may stand in a file, [section] by [section]; a key without a usual value is required:
///
///   name = the file's name without ".toml"      seed = 1 | seeds = [1, 2, 3]
///   [time]        clock = "virtual" | "real"    duration
///   [nodes]       count                         model = "gn-lenet" | { kind = "null", parameters }
///   [data]        set = "fashion-mnist"         root = the set's usual place
///                 partition = "iid" | { kind = "shards", per_node = 5 } | { kind = "dirichlet", alpha = 1 }
///   [training]    batch_size = 8                local_steps = 128          learning_rate = 0.05
///   [compute]     step_time = "8ms" | { kind = "lognormal", mean, sigma } | { kind = "exponential", mean }
///                             | { kind = "uniform", low, high } | { kind = "constant", mean }
///                             | { kind = "normal", mean, deviation } | { kind = "pareto", mean, shape }
///                 start_stagger = one expected round
///   [[compute.stragglers]]  nodes = "all" | { count } | { fraction } | { list }, with pick = "random" | "first"
///                           slowdown
///   [network]     sharing = "serial"            uplink = "60Mbps"          downlink = "60Mbps"
///                 emulation = "on" | "off" (real clock only)
///                 latency = "2ms"
///                 topology = "ring" | { kind = "random-regular", degree } | { kind = "file", path }
///   [[network.stragglers]]  nodes as above      factor | uplink and/or downlink      jitter = "0bps"
///   [[algorithm]] kind    name = the kind       topology       and the algorithm's own options
///   [evaluation]  every   samples = "all"       target
///
/// Paths are relative to the scenario file; those from an override, to the working directory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/src/scenario.hpp"

namespace tardigrad {

struct ScenarioResult {
  std::optional<Scenario> scenario;
  /// Without a scenario: one line, "file:line:column: what is wrong, what was expected".
  std::string error;
};

/// `overrides` are texts such as "network.uplink=30Mbps" or "algorithm.0.recipients=3".
ScenarioResult load_scenario(const std::string& path, const std::vector<std::string>& overrides = {});
/// The same from memory; `name` stands for the file in errors and gives the scenario its usual name.
ScenarioResult parse_scenario(std::string_view text, const std::string& name,
                              const std::vector<std::string>& overrides = {});

/// The scenario as TOML with every default filled in: loading it gives an equal scenario, and
/// writing that the same bytes.
std::string to_toml(const Scenario& scenario);

}  // namespace tardigrad
