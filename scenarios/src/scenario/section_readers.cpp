#include "scenarios/src/scenario/section_readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <set>
#include <type_traits>
#include <utility>
#include <variant>

#include "actors/protocols/registry.hpp"
#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/scenario/value_readers.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

constexpr std::int64_t kMostSteps = 1'000'000'000;
constexpr std::int64_t kMostSamples = 1'000'000'000;
/// With 1 the velocity would grow for ever.
constexpr double kMostMomentum = 0.99999;
constexpr NumberRange kSlowdowns{0.001, 1e6};
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

constexpr std::int64_t kMostHosts = 1000;

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

LearningRateSchedule read_schedule(const TomlSection& section, double learning_rate) {
  const std::string key = "learning_rate_schedule";
  const auto schedule = read_kind(section, key, schedule_kinds(), LearningRateSchedule{});
  // The last rate is at most the first one, which only the section knows.
  if (section.is_table(key)) section.section(key).number("final", 0, {0, learning_rate});
  return schedule;
}

SgdOptions read_sgd(const TomlSection& section) {
  SgdOptions sgd;
  sgd.momentum = section.number("momentum", sgd.momentum, {0, kMostMomentum});
  sgd.nesterov = section.flag("nesterov", sgd.nesterov);
  sgd.weight_decay = section.number("weight_decay", sgd.weight_decay, {0, 1e6});
  if (sgd.nesterov && sgd.momentum == 0) section.complain("nesterov", "expected a momentum above 0 beside it");
  return sgd;
}

ComputeStragglerRule read_compute_rule(const TomlSection& table, NodeId nodes) {
  table.allow(section_keys("compute.stragglers"));
  table.require("slowdown", "slowdown = 4");
  return {read_selection(table, nodes), table.number("slowdown", 1, kSlowdowns)};
}

ComputePause read_pause(const TomlSection& table, NodeId nodes) {
  table.allow(section_keys("compute.pauses"));
  table.require("end", "end = \"200s\"");
  ComputePause pause{read_selection(table, nodes), read_interval(table, "begin", "end"), std::nullopt};
  if (table.has("slowdown")) pause.slowdown = table.number("slowdown", 1, kSlowdowns);
  return pause;
}

ComputeTrace read_compute_trace(const TomlSection& table, NodeId nodes) {
  table.allow(section_keys("compute.traces"));
  table.require("path", "path = \"trace.csv\"");
  ComputeTrace trace{table.file_path("path"), read_trace_end(table), std::make_shared<TraceResult>()};
  if (trace.path.empty()) return trace;
  auto read = std::make_shared<TraceResult>(read_trace(trace.path, TraceKind::compute, trace.at_end, nodes));
  if (!read->error.empty()) table.complain("path", read->error);
  if (read->scope == TraceScope::pair) {
    table.complain("path", trace.path + ": a pace is that of a node: expected a column node instead of from and to");
  }
  trace.traces = std::move(read);
  return trace;
}

OptionSpec::Value read_option(const TomlSection& table, const OptionSpec& option) {
  return std::visit(
      [&](const auto& usual) -> OptionSpec::Value {
        if constexpr (std::is_same_v<std::decay_t<decltype(usual)>, CodecSpec>) {
          return read_codec(table, option.name, usual);
        } else {
          return read_value(table, option.name, usual, option.limits);
        }
      },
      option.usual);
}

/// The compression of an algorithm that has no option of this name.
CodecSpec read_compression(const TomlSection& table, const AlgorithmSection& section) {
  const CodecSpec spec = read_codec(table, "compression", {});
  if (table.has_mistake() || spec.kind == "none") return spec;
  const Compression borne = section.algorithm->borne_compression(section.options);
  if (borne == Compression::none) {
    table.complain("compression", section.algorithm->name + " takes none: expected \"none\", or leave it out");
  } else if (borne == Compression::dense && make_codec(spec)->is_sparse()) {
    table.complain("compression", fmt::format("{} takes only codecs that send something of every value, got \"{}\"",
                                              section.algorithm->name, spec.kind));
  }
  return spec;
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
  time.survives_host_loss = section.choice("on_host_loss", {"stop", "continue"}, "stop") == "continue";
  if (time.survives_host_loss && time.clock != "real") {
    section.complain("on_host_loss",
                     "in virtual time nothing can go on without a host: expected \"stop\", or clock = \"real\"");
  }
  return time;
}

TrainingSpec read_training(const TomlSection& section) {
  section.allow(section_keys("training"));
  TrainingSpec training;
  training.batch_size = read_count(section, "batch_size", training.batch_size, 1'000'000);
  training.local_steps = read_count(section, "local_steps", training.local_steps, kMostSteps);
  training.learning_rate = section.number("learning_rate", training.learning_rate, {0, 1e6, true});
  training.schedule = read_schedule(section, training.learning_rate);
  training.sgd = read_sgd(section);
  training.drop_last = section.flag("drop_last", training.drop_last);
  return training;
}

ComputeSection read_compute(const TomlSection& section, NodeId nodes) {
  section.allow(section_keys("compute"));
  ComputeSection compute;
  compute.step_time = read_distribution(section, "step_time", std::chrono::milliseconds(8));
  for (const TomlSection& table : section.sections("stragglers")) {
    compute.stragglers.push_back(read_compute_rule(table, nodes));
  }
  for (const TomlSection& table : section.sections("pauses")) compute.pauses.push_back(read_pause(table, nodes));
  for (const TomlSection& table : section.sections("traces")) {
    compute.traces.push_back(read_compute_trace(table, nodes));
  }
  return compute;
}

Time read_start_stagger(const TomlSection& section, Time usual) {
  return section.duration("start_stagger", usual, true);
}

AlgorithmSection read_algorithm(const TomlSection& table, const NetworkSection& network) {
  table.require("kind", "kind = \"divshare\"");
  AlgorithmSection section;
  section.algorithm = find_algorithm(table.choice("kind", names_of(algorithms()), algorithms().front().name));
  const Algorithm& algorithm = *section.algorithm;
  std::vector<std::string> keys = section_keys("algorithm");
  if (algorithm.may_give_up()) keys.push_back("wait_timeout");
  for (const OptionSpec& option : algorithm.options) {
    if (option.name != "compression") keys.push_back(option.name);
  }
  table.allow(keys, "of algorithm " + algorithm.name);

  section.name = read_name(table, algorithm.name);
  section.options = AlgorithmOptions(algorithm.options);
  for (const OptionSpec& option : algorithm.options) section.options.set(option.name, read_option(table, option));
  if (section.options.all().count("compression") == 0) section.compression = read_compression(table, section);
  section.fragments_at = table.where("fragments");
  section.topology = table.has("topology") ? read_topology(table) : network.topology.value_or(algorithm.usual_topology);
  if (algorithm.may_give_up() && table.has("wait_timeout")) section.wait_timeout = table.duration("wait_timeout", {});
  return section;
}

std::vector<PlacementRule> read_placement(const TomlSection& root, NodeId nodes) {
  std::vector<PlacementRule> rules;
  std::set<NodeId> placed;
  for (const TomlSection& table : root.sections("placement")) {
    table.allow(section_keys("placement"));
    table.require("host", "host = 1");
    PlacementRule rule{read_count(table, "host", 1, kMostHosts), read_selection(table, nodes)};
    const bool is_drawn = !rule.nodes.first && (rule.nodes.count || rule.nodes.fraction);
    if (is_drawn) table.complain("nodes", "expected nodes that are not drawn, such as { from = 0, count = 10 }");
    if (table.has_mistake()) return rules;
    for (const NodeId node : select_nodes(rule.nodes, nodes, 0, 0)) {
      if (!placed.insert(node).second) {
        table.complain("nodes", fmt::format("node {} has been placed already: expected each at most once", node));
        return rules;
      }
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

EvaluationSection read_evaluation(const TomlSection& section, const std::vector<std::string>& algorithms) {
  section.allow(section_keys("evaluation"));
  section.require("every", "every = \"20s\"");
  EvaluationSection evaluation;
  evaluation.every = section.duration("every", {});
  if (section.is_text("samples")) {
    section.choice("samples", {"all"}, "all");
  } else {
    evaluation.samples = static_cast<std::uint32_t>(section.integer("samples", 0, 1, kMostSamples));
  }
  if (section.has("target")) evaluation.target = {Figure::accuracy, section.number("target", 1, {0, 1, true})};
  if (section.has("target_loss")) {
    if (evaluation.target) section.complain("target_loss", "expected either target or target_loss, not both");
    evaluation.target = {Figure::loss, section.number("target_loss", 1, {0, 1e6, true})};
  }
  if (section.has("refine")) evaluation.refine = section.flag("refine", false);
  evaluation.baseline = section.choice("baseline", algorithms, "");
  return evaluation;
}

}  // namespace tardigrad
