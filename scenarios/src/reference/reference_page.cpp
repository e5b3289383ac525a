#include "scenarios/src/reference/reference_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "actors/protocols/registry.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

/// Text of a cell: what Markdown would take for its own is escaped, outside of `code`.
std::string cell(const std::string& text) {
  std::string escaped;
  bool is_code = false;
  for (const char c : text) {
    if (c == '`') is_code = !is_code;
    const bool is_marked = c == '|' || (!is_code && (c == '*' || c == '_' || c == '<' || c == '[' || c == ']'));
    if (is_marked) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// Several lines stand one below the other.
std::string code(const std::string& text) {
  if (text.empty()) return {};
  std::string escaped = "`";
  for (const char c : text) escaped += c == '|' ? "\\|" : c == '\n' ? "`<br>`" : std::string(1, c);
  return escaped + "`";
}

using Row = std::vector<std::string>;

std::string table(const Row& titles, const std::vector<Row>& rows) {
  std::string text =
      fmt::format("| {} |\n|{}\n", fmt::join(titles, " | "), fmt::join(Row(titles.size(), " --- |"), ""));
  for (const Row& row : rows) text += fmt::format("| {} |\n", fmt::join(row, " | "));
  return text + "\n";
}

/// What it is if it is left out, as a value or in words.
std::string usual_cell(const KeyText& key) {
  if (key.is_required) return "**required**";
  return is_toml_value(key.usual) ? code(key.usual) : cell(key.usual);
}

/// The meaning, and what goes with it.
std::string meaning_cell(const KeyText& key) {
  std::string text = cell(key.summary);
  if (!key.partner.empty())
    text += fmt::format("; only with {}", code(key.partner + " = \"" + key.partner_value + "\""));
  if (!key.needs.empty()) text += fmt::format("; only beside `{}`", fmt::join(key.needs, "`, `"));
  if (!key.excludes.empty()) text += fmt::format("; never beside `{}`", fmt::join(key.excludes, "`, `"));
  return text;
}

std::string keys_table(const SectionText& section) {
  std::vector<Row> rows;
  for (const KeyText& key : section.keys) {
    rows.push_back(
        {code(key.name), cell(key.values.text), usual_cell(key), meaning_cell(key), code(key_line(section, key))});
  }
  return table({"key", "may be", "if left out", "what it is", "example"}, rows);
}

/// A heading that stays the same in every renderer.
std::string heading_of(const SectionText& section) {
  return section.place.empty() ? "In front of the first section" : code(section.place);
}

std::string sections_part() {
  std::string text = fmt::format(
      "## Keys\n\nDurations are texts with a unit ({}), rates as well ({}; with B/s for bytes). Where kinds may stand, "
      "a "
      "value is a kind's name or `{{ kind = \"...\", options }}`. Paths are relative to the scenario file. An example "
      "of "
      "a key within a table shows the table.\n\n",
      duration_units(), rate_units());
  for (const SectionText& section : scenario_sections()) {
    text += fmt::format("### {}\n\n{}", heading_of(section), keys_table(section));
  }
  return text;
}

std::vector<Row> option_rows(const Family& family, const KindText& kind) {
  std::vector<Row> rows;
  for (const KeyText& option : kind.options) {
    rows.push_back({code(option.name), cell(option.values.text), usual_cell(option), meaning_cell(option),
                    code(option_line(family, kind, option))});
  }
  return rows;
}

std::string graphs_of(const Algorithm& algorithm) {
  if (algorithm.servers) return "Nodes send to servers, and nowhere else: `[[servers]]` tables.";
  std::string text = fmt::format("Topology {} if none is named", code("\"" + algorithm.usual_topology.kind + "\""));
  if (algorithm.follows_directed_graphs) text += "; it may be directed";
  if (algorithm.follows_changing_graphs(AlgorithmOptions(algorithm.options))) text += "; it may change every round";
  return text + ".";
}

std::string compression_of(const Algorithm& algorithm) {
  switch (algorithm.borne_compression(AlgorithmOptions(algorithm.options))) {
    case Compression::none:
      return "";
    case Compression::dense:
      return " Takes codecs that send something of every value as `compression`.";
    case Compression::any:
      return " Takes any codec as `compression`.";
  }
  return "";
}

std::string further_keys_of(const KindText& kind) {
  return kind.takes.empty() ? "" : fmt::format(" Takes `{}`, too.", fmt::join(kind.takes, "` and `"));
}

std::string algorithms_part(const Family& family) {
  std::string text =
      "## Algorithms\n\n`kind` of `[[algorithm]]`; options are further keys of its table, beside those above.\n\n";
  for (const KindText& kind : family.kinds) {
    const Algorithm& algorithm = *find_algorithm(kind.name);
    text += fmt::format("### {}\n\n{}.\n{}{}{}\n\n", code(kind.name), cell(kind.summary), graphs_of(algorithm),
                        compression_of(algorithm), further_keys_of(kind));
    const std::vector<Row> rows = option_rows(family, kind);
    if (!rows.empty()) text += table({"option", "may be", "if left out", "what it is", "example"}, rows);
  }
  return text;
}

/// "Models" of "Models, [nodes] model = ...".
std::string short_title(const Family& family) { return family.title.substr(0, family.title.find(',')); }

std::string kinds_part(const Family& family) {
  std::vector<Row> names;
  std::vector<Row> options;
  for (const KindText& kind : family.kinds) {
    names.push_back({code(kind.name), cell(kind.summary), code(kind_line(family, kind))});
    for (Row& row : option_rows(family, kind)) {
      row.insert(row.begin(), code(kind.name));
      options.push_back(std::move(row));
    }
  }
  std::string text =
      fmt::format("## {}\n\n{}", cell(short_title(family)), table({"name", "what it is", "example"}, names));
  if (options.empty()) return text;
  return text + table({"of", "option", "may be", "if left out", "what it is", "example"}, options);
}

std::string files_part() {
  std::string text = "## Files of results\n\n";
  for (const ColumnTexts& file : result_files()) {
    std::vector<Row> rows;
    for (const ColumnText& column : file.columns) {
      rows.push_back({code(column.name), cell(column.unit), cell(column.summary)});
    }
    text += fmt::format("### {}\n\nA row is {}.\n\n{}", code(file.file), cell(file.summary),
                        table({"column", "unit", "what it is"}, rows));
  }
  return text;
}

}  // namespace

std::string reference_page() {
  std::string text =
      "# Reference\n\nEverything that a scenario file may say, and every column of the results. `tardigrad reference` "
      "writes this page, `tardigrad explain WORD` says the same of one word, and `tardigrad reference --schema` says "
      "it to editors.\n\n" +
      sections_part();
  for (const Family& family : families()) {
    text += family.noun == "algorithm" ? algorithms_part(family) : kinds_part(family);
  }
  text += files_part();
  text.pop_back();
  return text;
}

}  // namespace tardigrad
