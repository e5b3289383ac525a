#include "scenarios/src/data/trace_command.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "models/printable.hpp"
#include "netem/files/recorded_trace.hpp"
#include "scenarios/src/text/number_list.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

/// On links that were worth a log a message of a model takes about so long, and phones log once a second. In
/// much shorter bins the gaps between two packets look like outages.
constexpr Time kUsualBin = std::chrono::seconds(1);

std::string unknown_format(const std::string& format) {
  std::vector<std::string> names;
  for (const RecordedFormat& known : recorded_formats()) names.push_back(known.name);
  for (const std::string& name : names) {
    if (name == format) return {};
  }
  return fmt::format("unknown format '{}': expected {}{}", printable(format, 40), listed(names),
                     did_you_mean(format, names));
}

/// In the form of a scenario's key; empty if it is no direction.
std::string direction_key(const std::string& direction) {
  static const std::map<std::string, std::string> keys = {
      {"both", "both"}, {"up", "uplink"}, {"uplink", "uplink"}, {"down", "downlink"}, {"downlink", "downlink"}};
  const auto found = keys.find(direction);
  return found == keys.end() ? "" : found->second;
}

std::string comment(const TraceArguments& arguments, const RecordedTrace& trace) {
  double bits = 0;
  for (std::size_t k = 0; k < trace.steps.size(); ++k) {
    const Time end = k + 1 < trace.steps.size() ? trace.steps[k + 1].begin : trace.end;
    bits += trace.steps[k].value * to_seconds(end - trace.steps[k].begin);
  }
  const double seconds = to_seconds(trace.end);
  return fmt::format(
      "# {}, read as {}: {:.6g} s, {}, {:.4g} Mbps on average.\n"
      "# In a scenario:\n"
      "#   [[network.traces]]\n"
      "#   path      = \"trace.csv\"\n"
      "#   at_end    = \"loop\"\n"
      "#   direction = \"{}\"\n",
      printable(arguments.file), arguments.format, seconds, size_text(bits / 8), bits / seconds / 1e6,
      direction_key(arguments.direction));
}

}  // namespace

TraceText converted_trace(const TraceArguments& arguments) {
  const std::string unknown = unknown_format(arguments.format);
  if (!unknown.empty()) return {"", unknown};
  if (direction_key(arguments.direction).empty()) {
    return {"", fmt::format("--direction: expected up, down or both, got \"{}\"", printable(arguments.direction, 40))};
  }
  std::vector<NodeId> nodes;
  if (!arguments.nodes.empty()) {
    const NumberListResult read = parse_number_list(arguments.nodes, kNodes);
    if (!read.error.empty()) return {"", "--nodes: " + read.error};
    nodes.assign(read.numbers.begin(), read.numbers.end());
  }
  if (arguments.bin && !has_bins(arguments.format)) {
    return {"", "--bin: a " + arguments.format + " log has steps of its own"};
  }
  const RecordedTraceResult read =
      read_recorded_trace(arguments.format, arguments.file, arguments.bin.value_or(kUsualBin));
  if (!read.error.empty()) return {"", read.error};
  return {comment(arguments, read.trace) + trace_csv(read.trace, nodes), "", read.note};
}

}  // namespace tardigrad
