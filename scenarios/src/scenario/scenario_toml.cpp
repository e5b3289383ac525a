#include <fmt/format.h>

#include "models/data/datasets.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {
namespace {

void write_training(const TrainingSpec& training, TomlWriter& out) {
  out.header("[training]");
  out.key("batch_size", fmt::format("{}", training.batch_size));
  out.key("local_steps", fmt::format("{}", training.local_steps));
  out.key("learning_rate", value_toml(training.learning_rate));
  out.key("learning_rate_schedule", kind_toml(training.schedule, schedule_kinds()));
  out.key("momentum", value_toml(training.sgd.momentum));
  out.key("nesterov", training.sgd.nesterov ? "true" : "false");
  out.key("weight_decay", value_toml(training.sgd.weight_decay));
  out.key("drop_last", training.drop_last ? "true" : "false");
}

void write_learning(const Scenario& scenario, TomlWriter& out) {
  out.header("[nodes]");
  out.key("count", fmt::format("{}", scenario.nodes.count));
  out.key("model", kind_toml(scenario.nodes.model, model_kinds()));
  if (task_of(scenario.nodes.model) != Task::nothing) {
    out.header("[data]");
    out.key("set", toml_quoted(scenario.data.kind));
    write_own_options(scenario.data, dataset_kinds(), out);
    out.key("partition", kind_toml(scenario.data.partition, partition_kinds()));
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
