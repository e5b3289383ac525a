#include <memory>

#include "netem/time/distribution.hpp"
#include "scenarios/src/scenario/sections/moments.hpp"
#include "scenarios/src/scenario/sections/node_selection.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

using StragglerKey = Key<ComputeStragglerRule>;
using PauseKey = Key<ComputePause>;
using TraceKey = Key<ComputeTrace>;
using ComputeKey = Key<ComputeSection>;

constexpr double kLeastSlowdown = 0.001;
constexpr double kMostSlowdown = 1e6;

void finish_trace(const TomlSection& table, const Scenario& so_far, ComputeTrace& trace) {
  auto read = std::make_shared<TraceResult>();
  if (!trace.path.empty()) *read = read_trace(trace.path, TraceKind::compute, trace.at_end, so_far.nodes.count);
  if (!read->error.empty()) table.complain("path", read->error);
  if (read->scope == TraceScope::pair) {
    table.complain("path", trace.path + ": a pace is that of a node: expected a column node instead of from and to");
  }
  trace.traces = std::move(read);
}

const Section<ComputeStragglerRule>& stragglers_section() {
  static const Section<ComputeStragglerRule> section = {
      "[[compute.stragglers]]",
      {nodes_key(&ComputeStragglerRule::nodes),
       StragglerKey("slowdown", &ComputeStragglerRule::slowdown, "local steps take so many times as long")
           .within(kLeastSlowdown, kMostSlowdown)
           .required("slowdown = 4")
           .also_called({{"factor"}, {"slow_factor"}})}};
  return section;
}

void read_begin(const TomlSection& table, const PauseKey& key, const Scenario&, ComputePause& pause) {
  pause.interval.begin = table.duration(key.name, {}, true);
}

const Section<ComputePause>& pauses_section() {
  static const Section<ComputePause> section = {
      "[[compute.pauses]]",
      {nodes_key(&ComputePause::nodes),
       PauseKey("begin", nested(&ComputePause::interval, &Interval::begin), "since the run began")
           .read_by(read_begin)
           .required("begin = \"100s\""),
       PauseKey("end", nested(&ComputePause::interval, &Interval::end), "since the run began")
           .required("end = \"200s\""),
       PauseKey("slowdown", &ComputePause::slowdown, "local steps take so many times as long")
           .within(kLeastSlowdown, kMostSlowdown)
           .usually("a full stop")
           .such_as("slowdown = 10")},
      [](const TomlSection& table, const Scenario&, ComputePause& pause) {
        check_order(table, "begin", "end", pause.interval);
      }};
  return section;
}

const Section<ComputeTrace>& traces_section() {
  static const Section<ComputeTrace> section = {
      "[[compute.traces]]",
      {TraceKey("path", &ComputeTrace::path, "the pace over time").path().required("path = \"trace.csv\""),
       trace_end_key(&ComputeTrace::at_end)},
      finish_trace};
  return section;
}

void read_step_time(const TomlSection& section, const ComputeKey& key, const Scenario&, ComputeSection& compute) {
  compute.step_time = read_distribution(section, key.name, std::chrono::milliseconds(8));
}

void read_start_stagger(const TomlSection& section, const ComputeKey& key, const Scenario& so_far,
                        ComputeSection& compute) {
  compute.start_stagger = section.duration(key.name, so_far.expected_round(), true);
}

}  // namespace

const Section<ComputeSection>& compute_section() {
  static const Section<ComputeSection> section = {
      "[compute]",
      {ComputeKey("step_time", duration_or_distribution(), "emulated duration of a local step", read_step_time,
                  [](const ComputeSection& compute) { return value_toml(compute.step_time); })
           .usually("\"8ms\"")
           .of_kinds("distributions", distribution_kinds())
           .also_called({{"compute_time"}, {"train_time"}, {"time_per_step"}, {"step_duration"}}),
       ComputeKey("start_stagger", &ComputeSection::start_stagger, "nodes start at a random moment of this stretch")
           .read_by(read_start_stagger)
           .usually("one expected round")
           .such_as("start_stagger = \"0s\""),
       tables_key("stragglers", &ComputeSection::stragglers, stragglers_section(), "nodes that are slow throughout"),
       tables_key("pauses", &ComputeSection::pauses, pauses_section(),
                  "nodes that are slow or stand still for a while"),
       tables_key("traces", &ComputeSection::traces, traces_section(), "the pace of nodes as it was measured")}};
  return section;
}

}  // namespace tardigrad
