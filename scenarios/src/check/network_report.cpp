#include "scenarios/src/check/network_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "models/nodes_text.hpp"
#include "scenarios/src/scenario/network_plan.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

std::string percent(double share) { return fmt::format("{:.3g} %", 100 * share); }

std::string when_text(const When& when) {
  if (const Interval* once = std::get_if<Interval>(&when)) {
    const std::string begin = "from " + duration_text(once->begin);
    return once->end == kNever ? begin + " on" : begin + " to " + duration_text(once->end);
  }
  const OnOff& drawn = std::get<OnOff>(when);
  const double on = to_seconds(drawn.mean_on);
  return fmt::format("{} of the time, {} at a stretch on average", percent(on / (on + to_seconds(drawn.mean_off))),
                     duration_text(drawn.mean_on));
}

std::string latency_text(const NetworkSection& network) {
  const double drawn = to_seconds(network.late_by.expected());
  return fmt::format("drawn for every message ({}), {} ms on average{}",
                     find_kind(distribution_kinds(), network.late_by)->name, rounded(1e3 * drawn),
                     network.latency == Time{} ? "" : fmt::format(", and {}", duration_text(network.latency)));
}

std::string loss_text(const LossModel& loss) {
  std::string text = percent(loss.expected_rate()) + " of transmissions";
  if (loss.burst.begins > 0) {
    text += fmt::format(" in the long run, {} in bursts of {} messages on average", percent(loss.burst.rate),
                        rounded(1 / loss.burst.ends));
  }
  if (loss.on_loss == OnLoss::drop) return text + "; dropped";
  return text + fmt::format("; sent again after {}, {} times in all at most", duration_text(loss.timeout),
                            loss.most_transmissions);
}

/// One link for each pair of groups: all links between two groups are alike.
template <class Visit>
void for_each_matrix_link(const MatrixNetwork& matrix, const Visit& visit) {
  for (NodeId from = 0; from < matrix.size(); from += matrix.replicas()) {
    for (NodeId to = 0; to < matrix.size(); to += matrix.replicas()) {
      if (from != to) {
        visit(matrix.between(from, to));
      } else if (matrix.replicas() > 1) {
        visit(matrix.between(from, to + 1));
      }
    }
  }
}

std::string mbps_text(const Range& rates) { return range_text({rates.low / 1e6, rates.high / 1e6}, " Mbps"); }

std::string matrix_text(const NetworkSection& network) {
  const MatrixNetwork& matrix = *network.matrix->links;
  Range latency;
  for_each_matrix_link(matrix, [&](const auto& link) { latency.add(1e3 * to_seconds(link.latency)); });
  const std::vector<double> rates = matrix_rates(network);
  const std::string places =
      matrix.regions().empty()
          ? count_of(matrix.size(), "node")
          : fmt::format("{} of {}", count_of(matrix.regions().size(), "region"), count_of(matrix.replicas(), "node"));
  return fmt::format("{}; {}, median {} Mbps; latency {}", places, mbps_text({rates.front(), rates.back()}),
                     rounded(rates[rates.size() / 2] / 1e6), range_text(latency, " ms"));
}

const char* direction_text(Direction direction) {
  return direction == Direction::uplink ? ", uplink" : direction == Direction::downlink ? ", downlink" : "";
}

std::string change_text(const Scenario& scenario, std::size_t rule) {
  const LinkChange& change = scenario.network.changes[rule];
  const std::string of = change.links.empty()
                             ? count_of(nodes_of_change(scenario, rule, scenario.seeds.front()).size(), "node") +
                                   direction_text(change.direction)
                             : count_of(change.links.size(), "link");
  const std::string what = change.factor ? fmt::format("{} times slower", rounded(*change.factor)) : "outage";
  return fmt::format("{}: {} {}", of, what, when_text(change.when));
}

/// The nodes or links of a trace and its mean values over the run, divided by `unit`.
std::string trace_text(const TraceResult& traces, TraceEnd at_end, Time duration, double unit,
                       const std::string& unit_name) {
  Range means;
  for (const auto& entry : traces.traces) means.add(mean_over(entry.second.value, duration) / unit);
  const std::string of = traces.scope == TraceScope::everyone ? "all nodes"
                         : traces.scope == TraceScope::node   ? count_of(traces.traces.size(), "node")
                                                              : count_of(traces.traces.size(), "link");
  return fmt::format("{}{}: {} on average{}{}", of, at_end == TraceEnd::loop ? ", looped" : "",
                     range_text(means, unit_name), traces.traces.begin()->second.latency ? ", with latencies" : "",
                     traces.unix_times ? "; UNIX times, counted from the earliest" : "");
}

/// The nodes that no trace of a direction names; none if all traces are of links.
template <class Traces, class Counts>
std::vector<NodeId> unnamed_nodes(const Traces& traces, NodeId nodes, const Counts& counts) {
  std::vector<NodeId> unnamed;
  for (NodeId node = 0; node < nodes; ++node) {
    const auto names = [&](const auto& trace) { return counts(trace) && trace.traces->of_node(node) != nullptr; };
    if (std::none_of(traces.begin(), traces.end(), names)) unnamed.push_back(node);
  }
  return unnamed;
}

std::string access_rate_text(BitsPerSecond rate) { return rate == kUnlimited ? kUnlimitedText : rate_text(rate); }

/// If traces are about access links: the nodes that they leave out, and their rates.
std::vector<std::string> unnamed_links(const Scenario& scenario) {
  const NetworkSection& network = scenario.network;
  const auto of_nodes = [](const LinkTrace& trace) { return trace.traces->scope != TraceScope::pair; };
  if (std::none_of(network.traces.begin(), network.traces.end(), of_nodes)) return {};
  const auto unnamed = [&](Direction other) {
    return unnamed_nodes(network.traces, scenario.nodes.count,
                         [&](const LinkTrace& trace) { return of_nodes(trace) && trace.direction != other; });
  };
  const std::vector<NodeId> up = unnamed(Direction::downlink);
  const std::vector<NodeId> down = unnamed(Direction::uplink);
  const auto text = [&](const std::vector<NodeId>& nodes, const std::string& links, const std::string& rates) {
    return fmt::format("no trace names {}{}: {}", links, nodes_text(nodes), rates);
  };
  const std::string up_rate = access_rate_text(network.access.uplink);
  const std::string down_rate = access_rate_text(network.access.downlink);
  if (up == down) {
    return up.empty() ? std::vector<std::string>{}
                      : std::vector{text(up, "", fmt::format("{} up, {} down", up_rate, down_rate))};
  }
  std::vector<std::string> rows;
  if (!up.empty()) rows.push_back(text(up, "the uplinks of ", up_rate));
  if (!down.empty()) rows.push_back(text(down, "the downlinks of ", down_rate));
  return rows;
}

/// The same for links between two nodes.
std::string unnamed_pairs(const Scenario& scenario) {
  std::set<std::pair<NodeId, NodeId>> named;
  for (const LinkTrace& trace : scenario.network.traces) {
    if (trace.traces->scope != TraceScope::pair) continue;
    for (const auto& entry : trace.traces->traces) named.insert(entry.first);
  }
  const std::uint64_t nodes = scenario.nodes.count;
  const std::uint64_t left = nodes * (nodes - 1) - named.size();
  if (named.empty() || left == 0) return {};
  return fmt::format("no trace names the other {}: {}", count_of(left, "link"),
                     scenario.network.matrix ? "rates of the matrix" : "no rate of their own");
}

/// Of rows with one title, only the first shows it.
void add_row(std::vector<TextRow>& rows, const std::string& title, std::string text) {
  const bool is_first =
      std::none_of(rows.begin(), rows.end(), [&](const TextRow& row) { return row.front() == title; });
  rows.push_back({is_first ? title : "", std::move(text)});
}

}  // namespace

std::vector<double> matrix_rates(const NetworkSection& network) {
  std::vector<double> rates;
  if (!network.matrix) return rates;
  for_each_matrix_link(*network.matrix->links, [&](const auto& link) { rates.push_back(link.rate.value); });
  std::sort(rates.begin(), rates.end());
  return rates;
}

std::vector<TextRow> network_rows(const Scenario& scenario) {
  const NetworkSection& network = scenario.network;
  std::vector<TextRow> rows;
  if (!network.emulated) return rows;
  if (network.late_by.expected() > Time{}) add_row(rows, "latency", latency_text(network));
  if (network.loss.loses()) add_row(rows, "loss", loss_text(network.loss));
  if (network.matrix) add_row(rows, "matrix", matrix_text(network));
  for (std::size_t r = 0; r < network.stragglers.size(); ++r) {
    if (!network.stragglers[r].on_off) continue;
    add_row(
        rows, "stragglers",
        fmt::format("{}: slow {}", count_of(nodes_of_stragglers(scenario, r, scenario.seeds.front()).size(), "node"),
                    when_text(*network.stragglers[r].on_off)));
  }
  for (std::size_t c = 0; c < network.changes.size(); ++c) add_row(rows, "changes", change_text(scenario, c));
  for (const LinkTrace& trace : network.traces) {
    add_row(rows, "traces",
            fmt::format("{}{}", trace_text(*trace.traces, trace.at_end, scenario.time.duration, 1e6, " Mbps"),
                        direction_text(trace.direction)));
  }
  for (std::string& text : unnamed_links(scenario)) add_row(rows, "traces", std::move(text));
  if (std::string text = unnamed_pairs(scenario); !text.empty()) add_row(rows, "traces", std::move(text));
  return rows;
}

/// What some nodes draw, as far as it is given.
std::string draw_text(const EnergyGroup& draw) {
  std::vector<std::string> parts;
  const auto add = [&](const std::optional<double>& value, const char* unit) {
    if (value) parts.push_back(fmt::format("{} {}", *value, unit));
  };
  add(draw.idle_watts, "W idle");
  add(draw.busy_watts, "W computing");
  add(draw.joules_per_byte_sent, "J a byte sent");
  add(draw.joules_per_byte_received, "J a byte received");
  return fmt::format("{}", fmt::join(parts, ", "));
}

void add_energy(const Scenario& scenario, std::uint64_t seed, std::vector<TextRow>& rows) {
  const auto& [usual, groups] = scenario.energy;
  if (!scenario.energy.counts()) return;
  add_row(
      rows, "energy",
      draw_text({{}, usual.idle_watts, usual.busy_watts, usual.joules_per_byte_sent, usual.joules_per_byte_received}));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::size_t nodes = nodes_of_energy_group(scenario, g, seed).size();
    add_row(rows, "energy", fmt::format("{}: {}", count_of(nodes, "node"), draw_text(groups[g])));
  }
}

std::vector<TextRow> node_rows(const Scenario& scenario) {
  const std::uint64_t seed = scenario.seeds.front();
  std::vector<TextRow> rows;
  for (std::size_t r = 0; r < scenario.churn.size(); ++r) {
    add_row(rows, "churn",
            fmt::format("{}: away {}", count_of(nodes_of_churn(scenario, r, seed).size(), "node"),
                        when_text(scenario.churn[r].away)));
  }
  for (std::size_t p = 0; p < scenario.compute.pauses.size(); ++p) {
    const ComputePause& pause = scenario.compute.pauses[p];
    const std::string what = pause.slowdown ? fmt::format("{} times slower", rounded(*pause.slowdown)) : "paused";
    add_row(rows, "pauses",
            fmt::format("{}: {} {}", count_of(nodes_of_pause(scenario, p, seed).size(), "node"), what,
                        when_text(pause.interval)));
  }
  for (const ComputeTrace& trace : scenario.compute.traces) {
    add_row(rows, "traces",
            trace_text(*trace.traces, trace.at_end, scenario.time.duration, 1, " times the usual pace"));
  }
  add_energy(scenario, seed, rows);
  if (scenario.compute.traces.empty()) return rows;
  const auto unnamed = unnamed_nodes(scenario.compute.traces, scenario.nodes.count, [](const auto&) { return true; });
  if (!unnamed.empty()) add_row(rows, "traces", fmt::format("no trace names {}: the usual pace", nodes_text(unnamed)));
  return rows;
}

}  // namespace tardigrad
