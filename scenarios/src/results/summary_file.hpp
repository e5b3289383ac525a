/// Reads the summary.json of one run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/record/run_mishaps.hpp"
#include "netem/base/units.hpp"
#include "scenarios/src/results/evaluation_point.hpp"

namespace tardigrad {

/// Accuracy or loss at the end, over nodes.
struct FinalFigure {
  double mean = 0;
  double std = 0;
  double min = 0;
  double max = 0;
  std::optional<double> averaged_model;
  std::optional<double> server{};  ///< of the server's model, if there is one
};

/// The results of a run. A number that was not measured is missing. Wall-clock figures are not read.
struct RunSummary {
  std::string kind;
  bool complete = false;
  std::string stopped_because;
  std::optional<Target> target;
  std::optional<double> time_to_target_s, time_to_target_averaged_model_s, time_to_target_server_s;
  /// The time between the two tests around it; 0 if the first test had reached it. Missing in summaries of an
  /// earlier tardigrad.
  std::optional<double> time_to_target_within_s;
  /// The time at which a model's loss was first not finite.
  std::optional<double> diverged_s;
  /// Sent by all nodes until then.
  std::optional<std::uint64_t> bytes_to_target;
  /// Of all nodes that train: in all, and until the target was reached; missing if no energy was counted.
  std::optional<double> joules, joules_to_target;
  std::optional<FinalFigure> final_accuracy;
  std::optional<FinalFigure> final_loss;  ///< only if it is finite
  /// Of texts, and of functions with a known optimum.
  std::optional<double> final_perplexity, final_bits, final_distance_between_nodes;
  std::optional<double> final_time_s, virtual_s;
  std::optional<std::uint64_t> nodes, servers, rounds, local_steps;
  std::optional<std::uint64_t> rounds_before_consensus;  ///< of each node; missing without consensus rounds
  std::optional<std::uint64_t> bytes_sent, bytes_dropped, bytes_delivered;
  std::optional<std::uint64_t> messages_sent, messages_dropped, messages_delivered;
  std::optional<std::uint64_t> messages_lost, messages_to_absent_nodes;
  std::optional<double> message_delay_median_s, message_delay_p95_s;  ///< of all delivered, to 0.4 %
  std::optional<std::uint64_t> longest_queue;
  std::optional<double> mean_staleness;
  std::optional<double> compute_utilisation;  ///< share of the rounds' time that nodes computed
  std::set<NodeId> network_stragglers, compute_stragglers;
  std::vector<SlowNode> slow_nodes;  ///< under the real clock: the machine was too slow for them
  std::vector<LostHost> lost_hosts;
  std::map<std::string, std::string> versions;

  bool is_straggler(NodeId node) const { return network_stragglers.count(node) + compute_stragglers.count(node) > 0; }
  bool has_stragglers() const { return network_stragglers.size() + compute_stragglers.size() > 0; }
};

/// One of three: the summary; `cut_off`, if the run stopped while it was being written; or one line about the
/// mistake in the file.
struct RunSummaryResult {
  std::optional<RunSummary> summary;
  bool cut_off = false;
  std::string error;
};

RunSummaryResult read_summary_file(const std::filesystem::path& file);

}  // namespace tardigrad
