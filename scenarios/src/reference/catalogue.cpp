#include "scenarios/src/reference/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netem/base/text_parts.hpp"
#include "scenarios/src/data/dataset_package.hpp"
#include "scenarios/src/figures/figures.hpp"
#include "scenarios/src/report/compared_run.hpp"
#include "scenarios/src/report/statistics.hpp"
#include "scenarios/src/results/result_columns.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/scenario/shipped_tables.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {
namespace {

/// The kinds of the first key of that name which has some.
const std::vector<KindText>& kinds_of_key(const std::string& name) {
  static const std::vector<KindText> none;
  for (const SectionText& section : scenario_sections()) {
    for (const KeyText& key : section.keys) {
      if (key.name == name && !key.kinds.empty()) return key.kinds;
    }
  }
  return none;
}

/// Of what has no options.
template <class Named>
std::vector<KindText> named_texts(const std::vector<Named>& all) {
  std::vector<KindText> texts;
  for (const Named& one : all) texts.push_back({one.name, one.summary, {}, toml_quoted(one.name), false, {}, {}});
  return texts;
}

std::vector<Family> made_families() {
  return {
      {"algorithms",
       "algorithm",
       "Algorithms, [[algorithm]] kind = \"...\", with their options",
       "[[algorithm]]\nkind = {}",
       {"kind"},
       kinds_of_key("kind")},
      {"models", "model", "Models, [nodes] model = \"...\"", "model = {}", {"model"}, kinds_of_key("model")},
      {"datasets", "data set", "Data sets, [data] set = \"...\"", "set = {}", {"set"}, kinds_of_key("set")},
      {"datasets",
       "partition",
       "Ways to split them over the nodes, [data] partition = \"...\"",
       "partition = {}",
       {"partition"},
       kinds_of_key("partition")},
      {"datasets", "archive", "Archives that `tardigrad data fetch` gets", "", {}, named_texts(dataset_packages())},
      {"optimizers",
       "optimizer",
       "Optimizers, [training] optimizer = \"...\"",
       "optimizer = {}",
       {"optimizer"},
       kinds_of_key("optimizer")},
      {"schedules",
       "schedule",
       "Schedules of the learning rate, [training] learning_rate_schedule = \"...\"",
       "learning_rate_schedule = {}",
       {"learning_rate_schedule"},
       kinds_of_key("learning_rate_schedule")},
      {"topologies",
       "topology",
       "Topologies, [network] or [[algorithm]] topology = \"...\"",
       "topology = {}",
       {"topology"},
       kinds_of_key("topology")},
      {"codecs",
       "codec",
       "Codecs, [[algorithm]] compression = \"...\"",
       "compression = {}",
       {"compression"},
       kinds_of_key("compression")},
      {"distributions",
       "distribution",
       "Distributions, [compute] step_time or [network] latency = { kind = \"...\" }",
       "step_time = {}",
       {"step_time", "latency"},
       kinds_of_key("step_time")},
      {"networks",
       "table of rates",
       "Tables of link rates, [network] matrix = { rates = \"...\" }",
       "matrix = { rates = {} }",
       {"rates"},
       named_texts(shipped_tables())},
  };
}

std::string with_example(const Family& family, const std::string& example) {
  std::string line = family.written;
  const std::size_t place = line.find("{}");
  return place == std::string::npos ? "" : line.replace(place, 2, example);
}

/// True if the options of its kinds are keys beside the one that names the kind.
bool stands_beside(const Family& family) { return family.noun == "algorithm" || family.noun == "data set"; }

/// An option of a data set is a key of its section, which has an example.
std::string data_line(const KeyText& option) {
  for (const SectionText& section : scenario_sections()) {
    if (section.place != "[data]") continue;
    for (const KeyText& key : section.keys) {
      if (key.name == option.name) return key.example;
    }
  }
  return {};
}

/// "loss" of [network] loss = { }; empty of sections with a header.
std::string table_of(const SectionText& section) {
  if (section.place.empty() || section.place.back() != '}') return {};
  const std::string name = dotted_name(section.place);
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

const std::vector<Family>& families() {
  static const std::vector<Family> all = made_families();
  return all;
}

const Family* find_family(const std::string& noun) {
  const auto& all = families();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Family& family) { return family.noun == noun; });
  return found == all.end() ? nullptr : &*found;
}

bool is_toml_value(const std::string& text) {
  try {
    return !text.empty() && toml::parse("value = " + text).size() == 1;
  } catch (const toml::parse_error&) {
    return false;
  }
}

std::string kind_line(const Family& family, const KindText& kind) {
  if (!stands_beside(family)) return with_example(family, kind.example);
  std::string lines = with_example(family, "\"" + kind.name + "\"");
  for (const KeyText& option : kind.options) {
    if (option.is_required) lines += "\n" + option.example;
  }
  for (const std::string& line : kind.beside) lines += "\n" + line;
  return lines;
}

std::string option_line(const Family& family, const KindText& kind, const KeyText& option) {
  const std::string own = fmt::format("{} = {}", option.name, option.usual);
  if (stands_beside(family)) {
    if (!option.example.empty()) return option.example;
    return option.usual.empty() ? data_line(option) : own;
  }
  if (!option.partner.empty()) {
    return with_example(family, fmt::format("{{ kind = {}, {} = \"{}\", {} }}", toml_quoted(kind.name), option.partner,
                                            option.partner_value, own));
  }
  const bool is_shown = contains(kind.example, option.name + " = ") || option.usual.empty();
  if (is_shown) return kind_line(family, kind);
  const bool is_table = kind.example.front() == '{';
  const std::string others = is_table ? kind.example.substr(2, kind.example.size() - 4) : "kind = " + kind.example;
  return with_example(family, fmt::format("{{ {}, {} }}", others, own));
}

std::string key_line(const SectionText& section, const KeyText& key) {
  std::string line = key.example;
  if (line.empty() && is_toml_value(key.usual)) line = fmt::format("{} = {}", key.name, key.usual);
  const std::string table = table_of(section);
  if (line.empty() || table.empty() || begins_with(line, table + " = ")) return line;
  return line.front() == '{' ? fmt::format("{} = {}", table, line) : fmt::format("{} = {{ {} }}", table, line);
}

const std::vector<ColumnTexts>& result_files() {
  static const std::vector<ColumnTexts> all = [] {
    std::vector<ColumnTexts> files = {
        comparison_column_texts(), statistics_column_texts(), curve_columns(true).texts(), evaluation_columns().texts(),
        round_columns().texts(),   link_columns().texts(),    energy_columns().texts()};
    for (const ColumnTexts& file : figure_columns()) files.push_back(file);
    return files;
  }();
  return all;
}

}  // namespace tardigrad
