#include <fmt/format.h>

#include <iterator>

#include "scenarios/src/scenario_file.hpp"
#include "scenarios/src/toml_section.hpp"
#include "scenarios/src/units_text.hpp"

namespace tardigrad {
namespace {

std::string quoted(Time duration) { return toml_quoted(duration_text(duration)); }
std::string quoted(BitsPerSecond rate) { return toml_quoted(rate_text(rate)); }

std::string model_toml(const ModelSpec& model) {
  if (model.kind != "null") return toml_quoted(model.kind);
  return fmt::format("{{ kind = \"null\", parameters = {} }}", model.parameters);
}

std::string partition_toml(const PartitionSpec& partition) {
  if (partition.kind == "shards") return fmt::format("{{ kind = \"shards\", per_node = {} }}", partition.per_node);
  if (partition.kind == "dirichlet") return fmt::format("{{ kind = \"dirichlet\", alpha = {} }}", partition.alpha);
  return toml_quoted(partition.kind);
}

std::string topology_toml(const TopologySpec& topology) {
  if (topology.kind == "random-regular")
    return fmt::format("{{ kind = \"random-regular\", degree = {} }}", topology.degree);
  if (topology.kind == "file") return fmt::format("{{ kind = \"file\", path = {} }}", toml_quoted(topology.file));
  return toml_quoted(topology.kind);
}

std::string step_time_toml(const Distribution& step) {
  switch (step.kind) {
    case Distribution::Kind::uniform:
      return fmt::format("{{ kind = \"uniform\", low = {}, high = {} }}", quoted(step.low), quoted(step.high));
    case Distribution::Kind::exponential:
      return fmt::format("{{ kind = \"exponential\", mean = {} }}", quoted(step.mean));
    case Distribution::Kind::lognormal:
      return fmt::format("{{ kind = \"lognormal\", mean = {}, sigma = {} }}", quoted(step.mean), step.sigma);
    case Distribution::Kind::normal:
      return fmt::format("{{ kind = \"normal\", mean = {}, deviation = {} }}", quoted(step.mean),
                         quoted(step.deviation));
    case Distribution::Kind::pareto:
      return fmt::format("{{ kind = \"pareto\", mean = {}, shape = {} }}", quoted(step.mean), step.shape);
    case Distribution::Kind::constant:
      break;
  }
  return quoted(step.mean);
}

std::string nodes_toml(const NodeSelection& nodes) {
  const char* pick = nodes.first ? "first" : "random";
  if (nodes.count) return fmt::format("{{ count = {}, pick = \"{}\" }}", *nodes.count, pick);
  if (nodes.fraction) return fmt::format("{{ fraction = {}, pick = \"{}\" }}", *nodes.fraction, pick);
  if (!nodes.list.empty()) return fmt::format("{{ list = [{}] }}", fmt::join(nodes.list, ", "));
  return "\"all\"";
}

std::string option_toml(const OptionSpec::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return toml_quoted(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  return fmt::format("{}", std::get<double>(value));
}

/// Lines of "key = value" under a header, equals signs below each other.
class TomlWriter {
 public:
  void header(const std::string& name) {
    end_block();
    text_ += fmt::format("{}{}\n", text_.empty() ? "" : "\n", name);
  }
  void key(const std::string& name, const std::string& value) { lines_.emplace_back(name, value); }
  std::string finish() {
    end_block();
    return text_;
  }

 private:
  void end_block() {
    std::size_t width = 0;
    for (const auto& line : lines_) width = std::max(width, line.first.size());
    for (const auto& [name, value] : lines_) text_ += fmt::format("{:<{}} = {}\n", name, width, value);
    lines_.clear();
  }

  std::string text_;
  std::vector<std::pair<std::string, std::string>> lines_;
};

void write_learning(const Scenario& scenario, TomlWriter& out) {
  out.header("[nodes]");
  out.key("count", fmt::format("{}", scenario.nodes.count));
  out.key("model", model_toml(scenario.nodes.model));
  if (scenario.nodes.model.kind != "null") {
    out.header("[data]");
    out.key("set", toml_quoted(scenario.data.set));
    if (!scenario.data.root.empty()) out.key("root", toml_quoted(scenario.data.root));
    out.key("partition", partition_toml(scenario.data.partition));
  }
  out.header("[training]");
  out.key("batch_size", fmt::format("{}", scenario.training.batch_size));
  out.key("local_steps", fmt::format("{}", scenario.training.local_steps));
  out.key("learning_rate", fmt::format("{}", scenario.training.learning_rate));
}

void write_compute(const ComputeSection& compute, TomlWriter& out) {
  out.header("[compute]");
  out.key("step_time", step_time_toml(compute.step_time));
  out.key("start_stagger", quoted(compute.start_stagger));
  for (const ComputeStragglerRule& rule : compute.stragglers) {
    out.header("[[compute.stragglers]]");
    out.key("nodes", nodes_toml(rule.nodes));
    out.key("slowdown", fmt::format("{}", rule.slowdown));
  }
}

void write_network(const NetworkSection& network, TomlWriter& out) {
  out.header("[network]");
  if (!network.emulated) out.key("emulation", toml_quoted("off"));
  out.key("sharing", toml_quoted(network.sharing));
  out.key("uplink", quoted(network.access.uplink));
  out.key("downlink", quoted(network.access.downlink));
  out.key("latency", quoted(network.latency));
  if (network.topology) out.key("topology", topology_toml(*network.topology));
  for (const LinkStragglerRule& rule : network.stragglers) {
    out.header("[[network.stragglers]]");
    out.key("nodes", nodes_toml(rule.nodes));
    if (!rule.uplink && !rule.downlink) out.key("factor", fmt::format("{}", rule.factor));
    if (rule.uplink) out.key("uplink", quoted(*rule.uplink));
    if (rule.downlink) out.key("downlink", quoted(*rule.downlink));
    out.key("jitter", quoted(rule.jitter));
  }
}

void write_algorithm(const AlgorithmSection& section, TomlWriter& out) {
  out.header("[[algorithm]]");
  out.key("kind", toml_quoted(section.algorithm->name));
  out.key("name", toml_quoted(section.name));
  out.key("topology", topology_toml(section.topology));
  for (const OptionSpec& option : section.algorithm->options) {
    out.key(option.name, option_toml(section.options.all().at(option.name)));
  }
}

void write_evaluation(const EvaluationSection& evaluation, TomlWriter& out) {
  out.header("[evaluation]");
  out.key("every", quoted(*evaluation.every));
  out.key("samples", evaluation.samples == 0 ? "\"all\"" : fmt::format("{}", evaluation.samples));
  if (evaluation.target) out.key("target", fmt::format("{}", *evaluation.target));
}

}  // namespace

std::string to_toml(const Scenario& scenario) {
  TomlWriter out;
  out.key("name", toml_quoted(scenario.name));
  if (scenario.seeds.size() == 1) {
    out.key("seed", fmt::format("{}", scenario.seeds.front()));
  } else {
    out.key("seeds", fmt::format("[{}]", fmt::join(scenario.seeds, ", ")));
  }
  out.header("[time]");
  out.key("clock", toml_quoted(scenario.time.clock));
  out.key("duration", quoted(scenario.time.duration));
  write_learning(scenario, out);
  write_compute(scenario.compute, out);
  write_network(scenario.network, out);
  for (const AlgorithmSection& section : scenario.algorithms) write_algorithm(section, out);
  if (scenario.evaluation.every) write_evaluation(scenario.evaluation, out);
  return out.finish();
}

}  // namespace tardigrad
