#include "scenarios/src/scenario/value_readers.hpp"

#include <fmt/format.h>

#include <utility>

#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

TopologySpec read_graph(const Kinded& kinded);

/// The graph of a spanning tree: a topology like any other.
std::shared_ptr<const TopologySpec> read_spanned_graph(const TomlSection& options) {
  options.require("of", "{ kind = \"spanning-tree\", of = \"torus\" }");
  return std::make_shared<const TopologySpec>(
      read_graph(read_kinded(options, "of", names_of(topology_kinds()), "complete", "topology")));
}

TopologySpec read_graph(const Kinded& kinded) {
  TopologySpec spec;
  spec.kind = kinded.kind;
  if (spec.kind == "random-regular") {
    kinded.options.require("degree", "{ kind = \"random-regular\", degree = 4 }");
    spec.degree = read_count(kinded.options, "degree", 1, kMostNodes);
    spec.redraw = kinded.options.flag("redraw", false);
  } else if (spec.kind == "file") {
    kinded.options.require("path", "{ kind = \"file\", path = \"edges.txt\" }");
    spec.file = kinded.options.file_path("path");
  } else if (spec.kind == "spanning-tree") {
    spec.of = read_spanned_graph(kinded.options);
  }
  return spec;
}

}  // namespace

Kinded read_kinded(const TomlSection& section, const std::string& key, const std::vector<std::string>& kinds,
                   const std::string& usual, const std::string& keys_of) {
  if (section.is_text(key)) return {section.choice(key, kinds, usual), section.empty_section(key)};
  TomlSection options = section.section(key);
  if (section.has(key)) options.require("kind", fmt::format("{{ kind = \"{}\" }}", usual));
  std::string kind = options.choice("kind", kinds, usual);
  std::vector<std::string> keys = {"kind"};
  const std::string& owner = keys_of.empty() ? key : keys_of;
  for (const std::string& own : kind_keys(owner, kind)) keys.push_back(own);
  options.allow(keys, fmt::format("of {} {}", owner, kind));
  return {std::move(kind), std::move(options)};
}

std::uint32_t read_count(const TomlSection& section, const std::string& key, std::int64_t usual, std::int64_t highest) {
  return static_cast<std::uint32_t>(section.integer(key, usual, 1, highest));
}

Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual) {
  if (!section.is_table(key)) return Distribution::constant(section.duration(key, usual));
  const Kinded kinded =
      read_kinded(section, key, {"constant", "lognormal", "exponential", "uniform", "normal", "pareto"}, "constant");
  const TomlSection& options = kinded.options;
  if (kinded.kind == "uniform") {
    options.require("low", "low = \"6ms\"");
    options.require("high", "high = \"10ms\"");
    const Time low = options.duration("low", usual);
    const Time high = options.duration("high", usual);
    if (low > high) options.complain("high", fmt::format("expected at least low = \"{}\"", duration_text(low)));
    return Distribution::uniform(low, high);
  }
  options.require("mean", "mean = \"8ms\"");
  const Time mean = options.duration("mean", usual);
  if (kinded.kind == "lognormal") {
    options.require("sigma", "sigma = 0.2");
    return Distribution::lognormal(mean, options.number("sigma", 0, {0, 10}));
  }
  if (kinded.kind == "normal") {
    options.require("deviation", "deviation = \"1ms\"");
    return Distribution::normal(mean, options.duration("deviation", {}));
  }
  if (kinded.kind == "pareto") {
    options.require("shape", "shape = 2.5");
    return Distribution::pareto(mean, options.number("shape", 2, {1.01, 1000}));
  }
  return kinded.kind == "exponential" ? Distribution::exponential(mean) : Distribution::constant(mean);
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
  return read_graph(read_kinded(section, "topology", names_of(topology_kinds()), "complete"));
}

CodecSpec read_codec(const TomlSection& section, const std::string& key, const CodecSpec& usual) {
  if (!section.has(key)) return usual;
  const Kinded kinded = read_kinded(section, key, names_of(codec_kinds()), usual.kind);
  const TomlSection& options = kinded.options;
  CodecSpec spec;
  spec.kind = kinded.kind;
  spec.fraction = options.number("fraction", spec.fraction, {0, 1, true});
  spec.unbiased = options.flag("unbiased", spec.unbiased);
  spec.values = options.choice("values", {"float32", "float16", "quantizer"}, spec.values);
  spec.bits = read_count(options, "bits", spec.bits, 8);
  spec.bucket = read_count(options, "bucket", spec.bucket, 1'000'000'000);
  for (const char* own : {"bits", "bucket"}) {
    if (!options.has(own) || spec.kind == "quantizer" || spec.values == "quantizer") continue;
    options.complain(own, "expected no such key without values = \"quantizer\"");
  }
  return spec;
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
