/// Scenario files: TOML to `Scenario` with every key checked, and back.
///
/// What may stand in a file, [section] by [section]; a key without a usual value is required. A model, partition,
/// learning rate schedule, distribution, topology or codec is the name of a kind or { kind = "...", options };
/// `tardigrad list` has the kinds and their options:
///
///   name = the file's name without ".toml"      seed = 1 | seeds = [1, 2, 3]
///   [time]        clock = "virtual" | "real"    duration
///                 on_host_loss = "stop" | "continue" (real clock only): its nodes leave for good, as by churn
///   [nodes]       count
///                 model = "gn-lenet"
///   [data]        set = "fashion-mnist" (of matrix factorization "movielens")
///                 root = the set's usual place, or what else the set takes
///                 partition = "iid" (of matrix factorization "by-user")
///   [training]    batch_size = 8                local_steps = 128          learning_rate = 0.05
///                 learning_rate_schedule = "constant"; rounds are those of the node
///                 momentum = 0                  nesterov = false           weight_decay = 0
///                 drop_last = false: a pass ends with its last whole batch
///   [compute]     step_time = "8ms", or a distribution
///                 start_stagger = one expected round
///   [[compute.stragglers]]  nodes = "all" | { count } | { fraction } | { list } | { from, count }; the first two with
///                           pick = "random" | "first"
///                           slowdown
///   [[compute.pauses]]      nodes as above      begin      end      slowdown = a full stop
///   [[compute.traces]]      path                at_end = "hold" | "loop"
///   [network]     sharing = "serial" | "fair"   emulation = "on" | "off" (real clock only)
///                 uplink = "60Mbps" | "unlimited"          downlink = the uplink; uplink unlimited with a matrix
///                 latency = "2ms", or a distribution that is drawn from for every message, with base = "0s"
///                 added to it
///                 loss = { rate, mode = "drop" }
///                      | { rate, mode = "retransmit", timeout = "200ms", most_transmissions = 16 },
///                        either with burst = { rate, begins, ends } (Gilbert-Elliott)
///                 matrix = { rates, latencies, regions = all of them, latency = that of [network] }; `rates` is a
///                        file or "aws-regions". What is drawn of [network] latency is added to a table's.
///                 topology: those of the algorithms that name none
///   [[network.stragglers]]  nodes as above      factor | uplink and/or downlink (= the uplink)      jitter = "0bps"
///                           mean_on and mean_off: slow only while on
///   [[network.changes]]     nodes as above with direction = "both" | "uplink" | "downlink", or links = [[from, to]]
///                           begin and end = the run's, or mean_on and mean_off      factor | outage = true
///   [[network.traces]]      path                at_end = "hold" | "loop"             direction as above
///                           the usual rates instead of uplink and downlink; stragglers and changes multiply
///   [[churn]]     nodes as above                leave and return = never, or mean_away and mean_present
///   [[algorithm]] kind    name = the kind       topology       and the algorithm's own options
///                 compression = "none"; of some algorithms it is an option
///                 wait_timeout = none
///                        (only of one that waits for messages but can do without; required where they can be lost)
///   [evaluation]  every   samples = "all"       target (an accuracy) or target_loss
///                 baseline = the slowest: the name of the [[algorithm]] that speed-ups are over
///                 refine = true | false: when the target has been reached, models of each tenth of the time since the
///                        evaluation before are tested, too (virtual clock only; refinement.hpp: which one is usual)
///   [[placement]] host = 1 (the first of --hosts)            nodes as above, but none that are drawn; the others are
///                 spread over all hosts by their threads. Results do not depend on it; no hosts, no effect.
///
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
  /// Without a scenario: one line, "file:line:column: mistake, expected value".
  std::string error;
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
