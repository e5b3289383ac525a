#include "actors/protocols/low_communication/steps_by_speed.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {

std::uint32_t steps_by_speed(const std::vector<double>& step_seconds, NodeId node, std::uint32_t most) {
  if (step_seconds.empty()) return most;
  const double least = *std::min_element(step_seconds.begin(), step_seconds.end());
  if (step_seconds[node] <= least) return most;
  // Just below a whole number is that number: durations are rounded.
  const double steps = std::floor(most * least / step_seconds[node] + 1e-9);
  return steps >= 1 ? static_cast<std::uint32_t>(steps) : 1;
}

OptionSpec steps_option() {
  return {"steps",
          std::string("same"),
          "local steps of slower nodes: as many, or fewer by their speed",
          {0, 0, {"same", "by-speed"}}};
}

bool asks_for_fewer_steps(const AlgorithmOptions& options) { return options.text("steps") == "by-speed"; }

std::optional<std::uint32_t> asked_steps(const AlgorithmOptions& options, const ProtocolContext& run, NodeId node) {
  if (!asks_for_fewer_steps(options)) return {};
  return steps_by_speed(run.step_seconds, node, run.local_steps);
}

}  // namespace tardigrad
