#include "scenarios/src/reference/list_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "actors/protocols/registry.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {
namespace {

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

/// What an algorithm's table may have beside the keys of all tables, and who may send to whom.
std::vector<TextRow> algorithm_rows(const Algorithm& algorithm) {
  const AlgorithmOptions usual(algorithm.options);
  const auto text = std::find_if(find_family("algorithm")->kinds.begin(), find_family("algorithm")->kinds.end(),
                                 [&](const KindText& kind) { return kind.name == algorithm.name; });
  std::vector<TextRow> rows;
  for (const KeyText& option : text->options) {
    rows.push_back({key_with_usual(option), option.values.text, option.summary});
  }
  if (algorithm.borne_compression(usual) != Compression::none) {
    rows.push_back({"compression = \"none\"", compression_text(algorithm), "a codec before the network"});
  }
  if (algorithm.may_give_up(usual)) {
    rows.push_back({"wait_timeout", "duration", "after so long a wait for a message is given up; without it never"});
  }
  if (algorithm.servers) {
    const NodeId servers = algorithm.server_count(usual);
    rows.push_back({"[[servers]]", servers == 1 ? "a table of the scenario" : fmt::format("{} tables", servers),
                    "to which nodes send, and nowhere else"});
  } else {
    rows.push_back(
        {fmt::format("topology = \"{}\"", algorithm.usual_topology.kind), "see topologies", graphs_text(algorithm)});
  }
  return rows;
}

std::string algorithms_text() {
  std::string text = find_family("algorithm")->title + "\n";
  for (const Algorithm& algorithm : algorithms()) {
    text += fmt::format("\n  {}\n    {}\n", algorithm.name, algorithm.summary);
    text += in_columns(algorithm_rows(algorithm), 4);
  }
  return text;
}

/// Names and summaries, and below them the options of those that have some. Of paths, and where there is no usual
/// value, that is "...".
std::string kinds_text(const Family& family) {
  std::vector<TextRow> names;
  std::vector<TextRow> options;
  for (const KindText& kind : family.kinds) {
    names.push_back({kind.name, kind.summary});
    for (const KeyText& option : kind.options) {
      const std::string usual = option.usual.empty() ? "..." : option.usual;
      options.push_back(
          {kind.name, fmt::format("{} = {}", option.name, usual), option.values.text, summary_with_condition(option)});
    }
  }
  const std::string text = family.title + "\n\n" + in_columns(names, 2);
  return options.empty() ? text : text + "\n  Options\n\n" + in_columns(options, 4);
}

std::string families_text(const std::string& topic) {
  std::vector<std::string> parts;
  for (const Family& family : families()) {
    if (family.topic == topic) parts.push_back(kinds_text(family));
  }
  return fmt::format("{}", fmt::join(parts, "\n"));
}

std::string section_text(const SectionText& section) { return "\n" + keys_report(section); }

std::string keys_text() {
  std::string text =
      "Keys of scenario files, with what they are if left out. What other topics list (a model, a topology, ...) is "
      "its\n"
      "name or { kind = \"...\", options }. Paths are relative to the scenario file.\n";
  for (const SectionText& section : scenario_sections()) text += section_text(section);
  return text;
}

std::string columns_text() {
  std::string text = "Columns of the files that a run leaves, with their units\n";
  for (const ColumnTexts& file : result_files()) {
    std::vector<TextRow> rows;
    for (const ColumnText& column : file.columns) rows.push_back({column.name, column.unit, column.summary});
    text += fmt::format("\n  {}: a row is {}\n\n{}", file.file, file.summary, in_columns(rows, 4));
  }
  return text;
}

std::vector<std::string> made_topics() {
  std::vector<std::string> topics = {"keys"};
  for (const Family& family : families()) {
    if (topics.back() != family.topic) topics.push_back(family.topic);
  }
  topics.insert(topics.end() - 1, "columns");
  return topics;
}

std::string topic_text(const std::string& topic) {
  if (topic == "keys") return keys_text();
  if (topic == "columns") return columns_text();
  return topic == "algorithms" ? algorithms_text() : families_text(topic);
}

}  // namespace

const std::vector<std::string>& list_topics() {
  static const std::vector<std::string> names = made_topics();
  return names;
}

std::string algorithm_options_report(const std::string& name) {
  const Algorithm* const algorithm = find_algorithm(name);
  return algorithm ? in_columns(algorithm_rows(*algorithm), 4) : "";
}

std::string keys_report(const SectionText& section) {
  std::vector<TextRow> rows;
  for (const KeyText& key : section.keys) {
    rows.push_back({key_with_usual(key), key.values.text, summary_with_condition(key)});
  }
  return fmt::format("  {}\n{}", section.place.empty() ? "in front of the first [section]" : section.place,
                     in_columns(rows, 4));
}

std::vector<std::string> listed_sections() {
  std::vector<std::string> names;
  for (const SectionText& section : scenario_sections()) {
    const std::string name = dotted_name(section.place);
    if (!name.empty() && (names.empty() || names.back() != name)) names.push_back(name);
  }
  return names;
}

std::string section_report(const std::string& name) {
  std::string text;
  for (const SectionText& section : scenario_sections()) {
    const std::string dotted = dotted_name(section.place);
    if (is_path_end(dotted, name) || is_path_end(dotted, name + "s")) text += section_text(section);
  }
  return text.empty() ? text : text.substr(1);
}

std::string list_report(const std::string& topic) {
  std::vector<std::string> parts;
  for (const std::string& one : list_topics()) {
    if (topic.empty() || topic == one) parts.push_back(topic_text(one));
  }
  return fmt::format("{}", fmt::join(parts, "\n"));
}

}  // namespace tardigrad
