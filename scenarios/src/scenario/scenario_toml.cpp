#include <fmt/format.h>

#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {
namespace {

std::string model_toml(const ModelSpec& model) {
  const std::string kind = toml_quoted(model.kind);
  if (model.kind == "null") return fmt::format("{{ kind = {}, parameters = {} }}", kind, model.parameters);
  if (model.kind == "mlp") return fmt::format("{{ kind = {}, hidden = [{}] }}", kind, fmt::join(model.hidden, ", "));
  if (model.kind == "lstm") {
    return fmt::format("{{ kind = {}, embedding = {}, layers = {}, units = {} }}", kind, model.embedding, model.layers,
                       model.units);
  }
  if (model.kind == "torchscript") {
    return fmt::format("{{ torchscript = {}, loss = \"cross-entropy\", statistics = {} }}", toml_quoted(model.file),
                       toml_quoted(model.statistics));
  }
  if (model.kind != "resnet-20" && model.kind != "vgg-11") return kind;
  if (model.norm == "group") return fmt::format("{{ kind = {}, norm = \"group\", groups = {} }}", kind, model.groups);
  return fmt::format("{{ kind = {}, norm = \"batch\", statistics = {} }}", kind, toml_quoted(model.statistics));
}

std::string partition_toml(const PartitionSpec& partition) {
  if (partition.kind == "shards") return fmt::format("{{ kind = \"shards\", per_node = {} }}", partition.per_node);
  if (partition.kind == "dirichlet" || partition.kind == "dirichlet-mix") {
    const std::string at_least = partition.at_least == 0 ? "" : fmt::format(", at_least = {}", partition.at_least);
    return fmt::format("{{ kind = {}, alpha = {}{} }}", toml_quoted(partition.kind), partition.alpha, at_least);
  }
  return toml_quoted(partition.kind);
}

std::string schedule_toml(const LearningRateSchedule& schedule) {
  const std::string warm_up = schedule.warm_up == 0 ? "" : fmt::format(", warm_up = {}", schedule.warm_up);
  switch (schedule.kind) {
    case LearningRateSchedule::Kind::step:
      return fmt::format("{{ kind = \"step\", every = {}, factor = {}{} }}", schedule.every, schedule.factor, warm_up);
    case LearningRateSchedule::Kind::cosine:
      return fmt::format("{{ kind = \"cosine\", rounds = {}, final = {}{} }}", schedule.rounds, schedule.final_rate,
                         warm_up);
    case LearningRateSchedule::Kind::constant:
      break;
  }
  return schedule.warm_up == 0 ? "\"constant\"" : fmt::format("{{ kind = \"constant\"{} }}", warm_up);
}

void write_training(const TrainingSpec& training, TomlWriter& out) {
  out.header("[training]");
  out.key("batch_size", fmt::format("{}", training.batch_size));
  out.key("local_steps", fmt::format("{}", training.local_steps));
  out.key("learning_rate", value_toml(training.learning_rate));
  out.key("learning_rate_schedule", schedule_toml(training.schedule));
  out.key("momentum", value_toml(training.sgd.momentum));
  out.key("nesterov", training.sgd.nesterov ? "true" : "false");
  out.key("weight_decay", value_toml(training.sgd.weight_decay));
  out.key("drop_last", training.drop_last ? "true" : "false");
}

void write_learning(const Scenario& scenario, TomlWriter& out) {
  out.header("[nodes]");
  out.key("count", fmt::format("{}", scenario.nodes.count));
  out.key("model", model_toml(scenario.nodes.model));
  if (scenario.nodes.model.kind != "null") {
    out.header("[data]");
    out.key("set", toml_quoted(scenario.data.set));
    if (!scenario.data.root.empty()) out.key("root", toml_quoted(scenario.data.root));
    if (!scenario.data.train.empty()) out.key("train", toml_quoted(scenario.data.train));
    if (!scenario.data.test.empty()) out.key("test", toml_quoted(scenario.data.test));
    out.key("partition", partition_toml(scenario.data.partition));
  }
  write_training(scenario.training, out);
}

void write_compute(const ComputeSection& compute, TomlWriter& out) {
  out.header("[compute]");
  out.key("step_time", value_toml(compute.step_time));
  out.key("start_stagger", value_toml(compute.start_stagger));
  for (const ComputeStragglerRule& rule : compute.stragglers) {
    out.header("[[compute.stragglers]]");
    out.key("nodes", value_toml(rule.nodes));
    out.key("slowdown", value_toml(rule.slowdown));
  }
  for (const ComputePause& pause : compute.pauses) {
    out.header("[[compute.pauses]]");
    out.key("nodes", value_toml(pause.nodes));
    out.key("begin", value_toml(pause.interval.begin));
    out.key("end", value_toml(pause.interval.end));
    if (pause.slowdown) out.key("slowdown", value_toml(*pause.slowdown));
  }
  for (const ComputeTrace& trace : compute.traces) {
    out.header("[[compute.traces]]");
    out.key("path", toml_quoted(trace.path));
    out.key("at_end", value_toml(trace.at_end));
  }
}

void write_algorithm(const AlgorithmSection& section, TomlWriter& out) {
  out.header("[[algorithm]]");
  out.key("kind", toml_quoted(section.algorithm->name));
  out.key("name", toml_quoted(section.name));
  out.key("topology", value_toml(section.topology));
  if (section.compression.kind != "none") out.key("compression", value_toml(section.compression));
  if (section.wait_timeout) out.key("wait_timeout", value_toml(*section.wait_timeout));
  for (const OptionSpec& option : section.algorithm->options) {
    out.key(option.name, option_toml(section.options.all().at(option.name)));
  }
}

void write_evaluation(const EvaluationSection& evaluation, TomlWriter& out) {
  out.header("[evaluation]");
  out.key("every", value_toml(*evaluation.every));
  out.key("samples", evaluation.samples == 0 ? "\"all\"" : fmt::format("{}", evaluation.samples));
  if (evaluation.target) {
    out.key(evaluation.target->figure == Figure::accuracy ? "target" : "target_loss",
            fmt::format("{}", evaluation.target->value));
    if (evaluation.refine) out.key("refine", *evaluation.refine ? "true" : "false");
  }
  if (!evaluation.baseline.empty()) out.key("baseline", toml_quoted(evaluation.baseline));
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
  out.key("duration", value_toml(scenario.time.duration));
  if (scenario.time.survives_host_loss) out.key("on_host_loss", toml_quoted("continue"));
  write_learning(scenario, out);
  write_compute(scenario.compute, out);
  write_network(scenario.network, out);
  write_churn(scenario.churn, out);
  for (const AlgorithmSection& section : scenario.algorithms) write_algorithm(section, out);
  if (scenario.evaluation.every) write_evaluation(scenario.evaluation, out);
  for (const PlacementRule& rule : scenario.placement) {
    out.header("[[placement]]");
    out.key("host", fmt::format("{}", rule.host));
    out.key("nodes", value_toml(rule.nodes));
  }
  return out.finish();
}

}  // namespace tardigrad
