#include "scenarios/src/cli/list_report.hpp"

#include <fmt/format.h>

#include <vector>

#include "actors/protocols/registry.hpp"
#include "models/data/datasets.hpp"
#include "models/networks/model_kind.hpp"
#include "models/split/partition.hpp"
#include "models/training/learning_rate_schedule.hpp"
#include "netem/graph/topology.hpp"
#include "netem/time/distribution.hpp"
#include "scenarios/src/data/dataset_package.hpp"
#include "scenarios/src/report/comparison.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/scenario/shipped_tables.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {
namespace {

std::string range_text(const OptionSpec& option) {
  return std::visit(
      [&](const auto& usual) -> std::string {
        using Value = std::decay_t<decltype(usual)>;
        if constexpr (std::is_same_v<Value, CodecSpec>) {
          return "see codecs";
        } else {
          return values_text<Value>(option.limits);
        }
      },
      option.usual);
}

std::string compression_text(const Algorithm& algorithm) {
  const auto borne = algorithm.borne_compression(AlgorithmOptions(algorithm.options));
  return borne == Compression::dense ? "see codecs, those of all values" : "see codecs";
}

std::string graphs_text(const Algorithm& algorithm) {
  std::string text = "who may send to whom";
  if (algorithm.follows_directed_graphs) text += "; may be directed";
  if (algorithm.follows_changing_graphs(AlgorithmOptions(algorithm.options)))
    text += "; may be another graph every round";
  return text;
}

std::string algorithms_text() {
  std::string text = "Algorithms, [[algorithm]] kind = \"...\", with their options\n";
  for (const Algorithm& algorithm : algorithms()) {
    text += fmt::format("\n  {}\n    {}\n", algorithm.name, algorithm.summary);
    std::vector<TextRow> rows;
    for (const OptionSpec& option : algorithm.options) {
      rows.push_back({option.name + " = " + option_toml(option.usual), range_text(option), option.summary});
    }
    if (algorithm.borne_compression(AlgorithmOptions(algorithm.options)) != Compression::none) {
      rows.push_back({"compression = \"none\"", compression_text(algorithm), "a codec before the network"});
    }
    if (algorithm.may_give_up(AlgorithmOptions(algorithm.options))) {
      rows.push_back({"wait_timeout", "duration", "after so long a wait for a message is given up; without it never"});
    }
    if (algorithm.servers) {
      const NodeId servers = algorithm.server_count(AlgorithmOptions(algorithm.options));
      rows.push_back({"[[servers]]", servers == 1 ? "a table of the scenario" : fmt::format("{} tables", servers),
                      "to which nodes send, and nowhere else"});
    } else {
      rows.push_back(
          {fmt::format("topology = \"{}\"", algorithm.usual_topology.kind), "see topologies", graphs_text(algorithm)});
    }
    text += in_columns(rows, 4);
  }
  return text;
}

/// Names and summaries, and below them the options of those that have some.
template <class Kinds>
std::string kinds_text(const std::string& title, const Kinds& kinds) {
  std::vector<TextRow> names;
  std::vector<TextRow> options;
  for (const auto& kind : kinds) {
    names.push_back({kind.name, kind.summary});
    add_option_rows(kind, options);
  }
  const std::string text = title + "\n\n" + in_columns(names, 2);
  return options.empty() ? text : text + "\n  Options\n\n" + in_columns(options, 4);
}

/// The same of what has no options.
template <class Named>
std::string names_text(const std::string& title, const Named& all) {
  std::vector<TextRow> rows;
  for (const auto& one : all) rows.push_back({one.name, one.summary});
  return title + "\n\n" + in_columns(rows, 2);
}

std::string datasets_text() {
  return fmt::format("{}\n{}\n{}", kinds_text("Data sets, [data] set = \"...\"", dataset_kinds()),
                     kinds_text("Ways to split them over the nodes, [data] partition = \"...\"", partition_kinds()),
                     names_text("Archives that `tardigrad data fetch` gets", dataset_packages()));
}

/// "clock = \"virtual\"", "duration (required)".
std::string key_with_usual(const KeyText& key) {
  if (key.is_required) return key.name + " (required)";
  return key.usual.empty() ? key.name : fmt::format("{} = {}", key.name, key.usual);
}

std::string keys_text() {
  std::string text =
      "Keys of scenario files, with what they are if left out. What other topics list (a model, a topology, ...) is "
      "its\n"
      "name or { kind = \"...\", options }. Paths are relative to the scenario file.\n";
  for (const SectionText& section : scenario_sections()) {
    text += fmt::format("\n  {}\n", section.place.empty() ? "in front of the first [section]" : section.place);
    std::vector<TextRow> rows;
    for (const KeyText& key : section.keys) rows.push_back({key_with_usual(key), key.values, key.summary});
    text += in_columns(rows, 4);
  }
  return text;
}

std::string columns_text() {
  std::string text = "Columns of the files that a run leaves\n";
  for (const ColumnTexts& file : {comparison_columns(), curve_columns(true).texts(), evaluation_columns().texts(),
                                  round_columns().texts(), link_columns().texts()}) {
    std::vector<TextRow> rows;
    for (const auto& [name, summary] : file.columns) rows.push_back({name, summary});
    text += fmt::format("\n  {}: a row is {}\n\n{}", file.file, file.summary, in_columns(rows, 4));
  }
  return text;
}

struct Topic {
  std::string name;
  std::string (*text)();
};

const std::vector<Topic>& topics() {
  static const std::vector<Topic> all = {
      {"keys", keys_text},
      {"algorithms", algorithms_text},
      {"models", [] { return kinds_text("Models, [nodes] model = \"...\"", model_kinds()); }},
      {"datasets", datasets_text},
      {"optimizers", [] { return kinds_text("Optimizers, [training] optimizer = \"...\"", optimizer_kinds()); }},
      {"schedules",
       [] {
         return kinds_text("Schedules of the learning rate, [training] learning_rate_schedule = \"...\"",
                           schedule_kinds());
       }},
      {"topologies",
       [] { return kinds_text("Topologies, [network] or [[algorithm]] topology = \"...\"", topology_kinds()); }},
      {"codecs", [] { return kinds_text("Codecs, [[algorithm]] compression = \"...\"", codec_kinds()); }},
      {"distributions",
       [] {
         return kinds_text("Distributions, [compute] step_time or [network] latency = { kind = \"...\" }",
                           distribution_kinds());
       }},
      {"columns", columns_text},
      {"networks",
       [] { return names_text("Tables of link rates, [network] matrix = { rates = \"...\" }", shipped_tables()); }},
  };
  return all;
}

}  // namespace

const std::vector<std::string>& list_topics() {
  static const std::vector<std::string> names = names_of(topics());
  return names;
}

std::string list_report(const std::string& topic) {
  std::vector<std::string> parts;
  for (const Topic& one : topics()) {
    if (topic.empty() || topic == one.name) parts.push_back(one.text());
  }
  return fmt::format("{}", fmt::join(parts, "\n"));
}

}  // namespace tardigrad
