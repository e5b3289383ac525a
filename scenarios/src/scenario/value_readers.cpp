#include "scenarios/src/scenario/value_readers.hpp"

#include <fmt/format.h>

#include <utility>

#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
std::uint32_t read_count(const TomlSection& section, const std::string& key, std::int64_t usual, std::int64_t highest) {
  return static_cast<std::uint32_t>(section.integer(key, usual, 1, highest));
}

Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual,
                               const std::vector<std::string>& more) {
  if (!section.is_table(key)) return Distribution::constant(section.duration(key, usual));
  const Distribution drawn = read_kind(section, key, distribution_kinds(), Distribution{}, "", more);
  if (drawn.kind == Distribution::Kind::uniform && drawn.low > drawn.high) {
    section.section(key).complain("high", fmt::format("expected at least low = \"{}\"", duration_text(drawn.low)));
  }
  return drawn;
}

namespace {

/// `from`: a block of neighbouring nodes.
void read_block(const TomlSection& nodes, NodeId size, NodeSelection& selection) {
  if (!nodes.has("count")) nodes.complain("from", "expected a count beside it, such as { from = 10, count = 5 }");
  if (nodes.has("pick")) nodes.complain("pick", "expected no pick beside from, which names the nodes");
  selection.first = true;
  selection.from = static_cast<NodeId>(nodes.integer("from", 0, 0, std::int64_t{size} - 1));
  const NodeId left = size - selection.from;
  if (selection.count.value_or(0) > left) {
    nodes.complain(
        "count", fmt::format("expected at most {}, as node {} is the last, got {}", left, size - 1, *selection.count));
  }
}

}  // namespace

NodeSelection read_selection(const TomlSection& table, NodeId size) {
  const std::string example = "{ count = 3 }";
  NodeSelection selection;
  table.require("nodes", "nodes = " + example);
  if (table.is_text("nodes")) {
    table.choice("nodes", {"all"}, "all");
    return selection;
  }
  const TomlSection nodes = table.section("nodes");
  nodes.allow(section_keys("nodes = { }"));
  const int ways = nodes.has("count") + nodes.has("fraction") + nodes.has("list");
  if (ways != 1) table.complain("nodes", "expected exactly one of count, fraction and list, such as " + example);
  if (nodes.has("count")) selection.count = static_cast<NodeId>(nodes.integer("count", 0, 0, size));
  if (nodes.has("fraction")) selection.fraction = nodes.number("fraction", 0, {0, 1});
  for (const std::int64_t id : nodes.distinct_integers("list", std::int64_t{size} - 1)) {
    selection.list.push_back(static_cast<NodeId>(id));
  }
  if (nodes.has("list") && nodes.has("pick"))
    nodes.complain("pick", "expected no pick beside a list, which names its nodes");
  selection.first = nodes.choice("pick", {"random", "first"}, "random") == "first";
  if (nodes.has("from")) read_block(nodes, size, selection);
  return selection;
}

TopologySpec read_topology(const TomlSection& section) {
  return read_kind(section, "topology", topology_kinds(), TopologySpec{});
}

CodecSpec read_codec(const TomlSection& section, const std::string& key, const CodecSpec& usual) {
  return read_kind(section, key, codec_kinds(), usual);
}

Interval read_interval(const TomlSection& table, const std::string& begin, const std::string& end) {
  table.require(begin, begin + " = \"100s\"");
  Interval interval{table.duration(begin, {}, true), table.duration(end, kNever)};
  if (interval.end <= interval.begin) {
    table.complain(end, fmt::format("expected more than {} = \"{}\", got \"{}\"", begin, duration_text(interval.begin),
                                    duration_text(interval.end)));
  }
  return interval;
}

OnOff read_on_off(const TomlSection& table, const std::string& mean_on, const std::string& mean_off) {
  table.require(mean_on, mean_on + " = \"10s\"");
  table.require(mean_off, mean_off + " = \"30s\"");
  const OnOff process{table.duration(mean_on, kShortestMeanStay), table.duration(mean_off, kShortestMeanStay)};
  for (const auto& [key, mean] : {std::pair(mean_on, process.mean_on), std::pair(mean_off, process.mean_off)}) {
    if (mean >= kShortestMeanStay) continue;
    table.complain(
        key, fmt::format("expected at least {}, got \"{}\"", duration_text(kShortestMeanStay), duration_text(mean)));
  }
  return process;
}

When read_when(const TomlSection& table, const WhenKeys& keys) {
  const bool is_drawn = table.has(keys.mean_on) || table.has(keys.mean_off);
  if (!is_drawn) return read_interval(table, keys.begin, keys.end);
  for (const char* key : {keys.begin, keys.end}) {
    if (!table.has(key)) continue;
    table.complain(key, fmt::format("expected either {} and {} or {} and {}, not both", keys.begin, keys.end,
                                    keys.mean_on, keys.mean_off));
  }
  return read_on_off(table, keys.mean_on, keys.mean_off);
}

TraceEnd read_trace_end(const TomlSection& table) {
  return table.choice("at_end", {"hold", "loop"}, "hold") == "loop" ? TraceEnd::loop : TraceEnd::hold;
}

}  // namespace tardigrad
