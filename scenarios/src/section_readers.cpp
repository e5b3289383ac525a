#include "scenarios/src/section_readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <utility>

#include "scenarios/src/scenario_keys.hpp"
#include "scenarios/src/units_text.hpp"

namespace tardigrad {
namespace {

constexpr NodeId kMostNodes = 1'000'000;
constexpr std::int64_t kMostParameters = 1'000'000'000;
constexpr std::int64_t kMostSteps = 1'000'000'000;
constexpr std::int64_t kMostSamples = 1'000'000'000;
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

template <class Kinds>
std::vector<std::string> names_of(const Kinds& kinds) {
  std::vector<std::string> names;
  for (const auto& kind : kinds) names.push_back(kind.name);
  return names;
}

constexpr std::size_t kLongestName = 100;

bool is_name_sign(char c) {
  const auto sign = static_cast<unsigned char>(c);
  return sign < 0x80 && (std::isalnum(sign) || c == '.' || c == '_' || c == '-');
}

/// Names become folders.
bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), is_name_sign) &&
         std::isalnum(static_cast<unsigned char>(text.front()));
}

std::string read_name(const TomlSection& section, const std::string& usual) {
  const std::string name = section.text("name", usual);
  if (section.is_text("name") && !is_name(name)) {
    section.complain("name", fmt::format("expected up to {} letters, digits and the signs . _ - with a letter or digit "
                                         "in front, got \"{}\"",
                                         kLongestName, name.substr(0, kLongestName)));
  }
  return name;
}

/// A value that is either the name of a kind or a table with a kind and its options.
struct Kinded {
  std::string kind;
  TomlSection options;
};

Kinded read_kinded(const TomlSection& section, const std::string& key, const std::vector<std::string>& kinds,
                   const std::string& usual) {
  if (section.is_text(key)) return {section.choice(key, kinds, usual), section.empty_section(key)};
  TomlSection options = section.section(key);
  if (section.has(key)) options.require("kind", fmt::format("{{ kind = \"{}\" }}", usual));
  std::string kind = options.choice("kind", kinds, usual);
  std::vector<std::string> keys = {"kind"};
  for (const std::string& own : kind_keys(key, kind)) keys.push_back(own);
  options.allow(keys, fmt::format("of {} {}", key, kind));
  return {std::move(kind), std::move(options)};
}

std::uint32_t count(const TomlSection& section, const std::string& key, std::int64_t usual, std::int64_t highest) {
  return static_cast<std::uint32_t>(section.integer(key, usual, 1, highest));
}

PartitionSpec read_partition(const TomlSection& section) {
  PartitionSpec partition;
  const Kinded kinded = read_kinded(section, "partition", names_of(partition_kinds()), partition.kind);
  partition.kind = kinded.kind;
  partition.per_node = count(kinded.options, "per_node", partition.per_node, 1'000'000);
  partition.alpha = kinded.options.number("alpha", partition.alpha, {0.001, 1e6});
  return partition;
}

/// A duration, or a table that says how it is drawn.
Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual) {
  if (!section.has(key) || section.is_text(key)) return Distribution::constant(section.duration(key, usual));
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

NodeSelection read_selection(const TomlSection& table, NodeId size) {
  const std::string example = "{ count = 3 }";
  NodeSelection selection;
  table.require("nodes", "nodes = " + example);
  if (table.is_text("nodes")) {
    table.choice("nodes", {"all"}, "all");
    return selection;
  }
  const TomlSection nodes = table.section("nodes");
  nodes.allow(section_keys("stragglers.nodes"));
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
  return selection;
}

ComputeStragglerRule read_compute_rule(const TomlSection& table, NodeId nodes) {
  table.allow(section_keys("compute.stragglers"));
  table.require("slowdown", "slowdown = 4");
  return {read_selection(table, nodes), table.number("slowdown", 1, {0.001, 1e6})};
}

LinkStragglerRule read_link_rule(const TomlSection& table, NodeId nodes) {
  table.allow(section_keys("network.stragglers"));
  LinkStragglerRule rule;
  rule.nodes = read_selection(table, nodes);
  const bool has_rates = table.has("uplink") || table.has("downlink");
  if (!has_rates) table.require("factor", "factor = 5");
  if (has_rates && table.has("factor")) {
    table.complain("factor", "expected either a factor or rates (uplink, downlink), not both");
  }
  rule.factor = table.number("factor", 1, {1, 1e9});
  if (table.has("uplink")) rule.uplink = table.rate("uplink", {});
  if (table.has("downlink")) rule.downlink = table.rate("downlink", {});
  rule.jitter = table.rate("jitter", {}, true);
  return rule;
}

TopologySpec read_topology(const TomlSection& section) {
  const Kinded kinded = read_kinded(section, "topology", names_of(topology_kinds()), "complete");
  TopologySpec spec;
  spec.kind = kinded.kind;
  if (spec.kind == "random-regular") {
    kinded.options.require("degree", "{ kind = \"random-regular\", degree = 4 }");
    spec.degree = count(kinded.options, "degree", 1, kMostNodes);
  } else if (spec.kind == "file") {
    kinded.options.require("path", "{ kind = \"file\", path = \"edges.txt\" }");
    spec.file = kinded.options.file_path("path");
  }
  return spec;
}

OptionSpec::Value read_option(const TomlSection& table, const OptionSpec& option) {
  if (const bool* usual = std::get_if<bool>(&option.usual)) return table.flag(option.name, *usual);
  if (const auto* usual = std::get_if<std::int64_t>(&option.usual)) {
    return table.integer(option.name, *usual, static_cast<std::int64_t>(option.lowest),
                         static_cast<std::int64_t>(option.highest));
  }
  if (const double* usual = std::get_if<double>(&option.usual)) {
    return table.number(option.name, *usual, {option.lowest, option.highest});
  }
  const auto& usual = std::get<std::string>(option.usual);
  return option.choices.empty() ? table.text(option.name, usual) : table.choice(option.name, option.choices, usual);
}

}  // namespace

std::string read_scenario_name(const TomlSection& root, const std::string& file) {
  std::string usual = std::filesystem::path(file).stem().string().substr(0, kLongestName);
  std::replace_if(
      usual.begin(), usual.end(), [](char c) { return !is_name_sign(c); }, '-');
  return read_name(root, is_name(usual) ? usual : "scenario");
}

std::vector<std::uint64_t> read_seeds(const TomlSection& root) {
  const bool both = root.has("seed") && root.has("seeds");
  if (both && root.is_overridden("seed") == root.is_overridden("seeds")) {
    root.complain("seeds", "expected either seed or seeds, not both");
  }
  if (!root.has("seeds") || (both && root.is_overridden("seed"))) {
    return {static_cast<std::uint64_t>(root.integer("seed", 1, 0, kLargest))};
  }
  const auto seeds = root.distinct_integers("seeds", kLargest);
  return {seeds.begin(), seeds.end()};
}

TimeSection read_time(const TomlSection& section) {
  section.allow(section_keys("time"));
  section.require("duration", "duration = \"800s\"");
  TimeSection time;
  time.clock = section.choice("clock", {"virtual", "real"}, time.clock);
  time.duration = section.duration("duration", Time::zero());
  return time;
}

NodesSection read_nodes(const TomlSection& section) {
  section.allow(section_keys("nodes"));
  section.require("count", "count = 16");
  NodesSection nodes;
  nodes.count = static_cast<NodeId>(section.integer("count", 2, 2, kMostNodes));
  const Kinded model = read_kinded(section, "model", names_of(model_kinds()), nodes.model.kind);
  nodes.model.kind = model.kind;
  if (model.kind == "null") {
    model.options.require("parameters", "{ kind = \"null\", parameters = 90000 }");
    nodes.model.parameters = model.options.integer("parameters", 1, 1, kMostParameters);
  }
  return nodes;
}

DataSpec read_data(const TomlSection& section, const ModelSpec& model) {
  section.allow(section_keys("data"));
  DataSpec data;
  if (model.kind == "null") {
    data.set = section.text("set", "none");
    if (data.set != "none") section.complain("set", "expected \"none\" for the null model");
    for (const char* key : {"root", "partition"}) {
      if (section.has(key)) section.complain(key, "expected no samples for the null model: leave it out");
    }
    return data;
  }
  std::vector<std::string> sets = names_of(dataset_kinds());
  sets.erase(std::remove(sets.begin(), sets.end(), "none"), sets.end());
  data.set = section.choice("set", sets, data.set);
  data.root = section.file_path("root");
  data.partition = read_partition(section);
  return data;
}

TrainingSpec read_training(const TomlSection& section) {
  section.allow(section_keys("training"));
  TrainingSpec training;
  training.batch_size = count(section, "batch_size", training.batch_size, 1'000'000);
  training.local_steps = count(section, "local_steps", training.local_steps, kMostSteps);
  training.learning_rate = section.number("learning_rate", training.learning_rate, {0, 1e6, true});
  return training;
}

ComputeSection read_compute(const TomlSection& section, NodeId nodes) {
  section.allow(section_keys("compute"));
  ComputeSection compute;
  compute.step_time = read_distribution(section, "step_time", std::chrono::milliseconds(8));
  for (const TomlSection& table : section.sections("stragglers")) {
    compute.stragglers.push_back(read_compute_rule(table, nodes));
  }
  return compute;
}

Time read_start_stagger(const TomlSection& section, Time usual) {
  return section.duration("start_stagger", usual, true);
}

NetworkSection read_network(const TomlSection& section, NodeId nodes) {
  constexpr BitsPerSecond usual_rate{60e6};
  constexpr Time usual_latency = std::chrono::milliseconds(2);
  section.allow(section_keys("network"));
  NetworkSection network;
  network.sharing = section.choice("sharing", {"serial", "fair"}, network.sharing);
  network.emulated = section.choice("emulation", {"on", "off"}, "on") == "on";
  network.access = {section.rate("uplink", usual_rate), section.rate("downlink", usual_rate)};
  network.latency = section.duration("latency", usual_latency, true);
  if (section.has("topology")) network.topology = read_topology(section);
  for (const TomlSection& table : section.sections("stragglers")) {
    network.stragglers.push_back(read_link_rule(table, nodes));
  }
  return network;
}

AlgorithmSection read_algorithm(const TomlSection& table, const NetworkSection& network) {
  table.require("kind", "kind = \"divshare\"");
  AlgorithmSection section;
  section.algorithm = find_algorithm(table.choice("kind", names_of(algorithms()), algorithms().front().name));
  const Algorithm& algorithm = *section.algorithm;
  std::vector<std::string> keys = section_keys("algorithm");
  for (const OptionSpec& option : algorithm.options) keys.push_back(option.name);
  table.allow(keys, "of algorithm " + algorithm.name);

  section.name = read_name(table, algorithm.name);
  section.options = AlgorithmOptions(algorithm.options);
  for (const OptionSpec& option : algorithm.options) section.options.set(option.name, read_option(table, option));
  section.fragments_at = table.where("fragments");
  section.topology = table.has("topology") ? read_topology(table) : network.topology.value_or(algorithm.usual_topology);
  return section;
}

EvaluationSection read_evaluation(const TomlSection& section) {
  section.allow(section_keys("evaluation"));
  section.require("every", "every = \"20s\"");
  EvaluationSection evaluation;
  evaluation.every = section.duration("every", {});
  if (section.is_text("samples")) {
    section.choice("samples", {"all"}, "all");
  } else {
    evaluation.samples = static_cast<std::uint32_t>(section.integer("samples", 0, 1, kMostSamples));
  }
  if (section.has("target")) evaluation.target = section.number("target", 1, {0, 1, true});
  return evaluation;
}

}  // namespace tardigrad
