#include "scenarios/src/reference/explanation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "models/printable.hpp"
#include "netem/base/text_parts.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/reference/list_report.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "scenarios/src/text/text_columns.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

/// Something that has a name.
struct Entry {
  std::vector<std::string> paths;  ///< "network.topology.base-k", "topology.base-k"
  std::string name;
  std::string place;  ///< "in [network]", "of topology base-k"
  std::string body;
};

std::string units_of(const PossibleValues& values) {
  if (values.may_be(ValueForm::Type::duration)) return duration_units();
  return values.may_be(ValueForm::Type::rate) ? rate_units() + ", or with B/s for bytes" : "";
}

std::string synonyms_text(const std::vector<Synonym>& synonyms) {
  std::vector<std::string> names;
  for (const Synonym& one : synonyms) {
    names.push_back(one.remark.empty() ? one.name : fmt::format("{} ({})", one.name, one.remark));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// What there is to say of a key or option, a line each; `line` is an example of it.
std::string key_body(const KeyText& key, const std::string& line) {
  std::vector<TextRow> rows = {{"may be", key.values.text}};
  const auto add = [&](const char* title, const std::string& text) {
    if (!text.empty()) rows.push_back({title, text});
  };
  add("units", units_of(key.values));
  add("if left out", key.is_required ? "an error: it is required" : key.usual);
  if (!key.partner.empty()) add("only with", fmt::format("{} = \"{}\"", key.partner, key.partner_value));
  add("only beside", fmt::format("{}", fmt::join(key.needs, ", ")));
  add("never beside", fmt::format("{}", fmt::join(key.excludes, ", ")));
  add("called elsewhere", synonyms_text(key.synonyms));
  add("kinds", fmt::format("{}", fmt::join(names_of(key.kinds), ", ")));
  add("example", line);
  return fmt::format("  {}\n{}", key.summary, in_columns(rows, 4));
}

std::string keys_within(const KeyText& key) {
  std::string text;
  for (const SectionText& section : key.sections) text += "\n" + keys_report(section);
  return text;
}

void add_keys(std::vector<Entry>& entries) {
  for (const SectionText& section : scenario_sections()) {
    const std::string path = dotted_name(section.place);
    for (const KeyText& key : section.keys) {
      Entry entry{{path.empty() ? key.name : path + "." + key.name}, key.name, "in " + section.place, ""};
      if (section.place.empty()) entry.place = "in front of the first [section]";
      if (section.place.empty() && !key.sections.empty()) {
        entry.name = key.sections.front().place;
        entry.place = key.is_required ? "(required)" : "";
        entry.body = fmt::format("  {}\n", key.summary) + keys_within(key);
      } else {
        entry.body = key_body(key, key_line(section, key)) + keys_within(key);
      }
      entries.push_back(std::move(entry));
    }
  }
}

/// Every path that leads to kinds of this family.
std::vector<std::string> paths_to(const Family& family) {
  std::vector<std::string> paths = {family.noun};
  for (const SectionText& section : scenario_sections()) {
    for (const KeyText& key : section.keys) {
      const bool names_one = std::find(family.keys.begin(), family.keys.end(), key.name) != family.keys.end();
      const bool has_them = !key.kinds.empty() || family.topic == "networks";
      if (names_one && has_them) paths.push_back(dotted_name(section.place) + "." + key.name);
    }
  }
  return paths;
}

std::vector<std::string> below(const std::vector<std::string>& paths, const std::string& name) {
  std::vector<std::string> deeper;
  for (const std::string& path : paths) deeper.push_back(path + "." + name);
  return deeper;
}

std::string indented(const std::string& lines) {
  std::string text = "    ";
  for (const char c : lines) text += c == '\n' ? std::string("\n    ") : std::string(1, c);
  return text + "\n";
}

std::string kind_body(const Family& family, const KindText& kind) {
  std::string text = fmt::format("  {}\n", kind.summary);
  if (family.noun == "algorithm") {
    text += algorithm_options_report(kind.name);
  } else {
    std::vector<TextRow> rows;
    for (const KeyText& option : kind.options) {
      rows.push_back({key_with_usual(option), option.values.text, summary_with_condition(option)});
    }
    text += in_columns(rows, 4);
  }
  const std::string line = kind_line(family, kind);
  return line.empty() ? text : text + "\n  example\n" + indented(line);
}

void add_kinds(std::vector<Entry>& entries) {
  for (const Family& family : families()) {
    const std::vector<std::string> paths = paths_to(family);
    for (const KindText& kind : family.kinds) {
      const std::vector<std::string> own = below(paths, kind.name);
      const std::string full = family.noun + " " + kind.name;
      entries.push_back({own, full, "", kind_body(family, kind)});
      for (const KeyText& option : kind.options) {
        entries.push_back(
            {below(own, option.name), option.name, "of " + full, key_body(option, option_line(family, kind, option))});
      }
    }
  }
}

void add_columns(std::vector<Entry>& entries) {
  for (const ColumnTexts& file : result_files()) {
    std::vector<TextRow> rows;
    for (const ColumnText& column : file.columns) {
      rows.push_back({column.name, column.unit, column.summary});
      const std::string unit = column.unit.empty() ? "" : in_columns({{"unit", column.unit}}, 4);
      entries.push_back({{file.file + "." + column.name},
                         column.name,
                         "in " + file.file,
                         fmt::format("  {}\n{}", column.summary, unit)});
    }
    entries.push_back({{file.file},
                       file.file,
                       "of the results",
                       fmt::format("  a row is {}\n\n{}", file.summary, in_columns(rows, 4))});
  }
}

const std::vector<Entry>& all_entries() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> entries;
    add_keys(entries);
    add_kinds(entries);
    add_columns(entries);
    return entries;
  }();
  return all;
}

bool is_called(const Entry& entry, const std::string& word) {
  return std::any_of(entry.paths.begin(), entry.paths.end(),
                     [&](const std::string& path) { return is_path_end(path, word); });
}

/// What is the same in several places is said once.
std::string text_of(const std::vector<const Entry*>& found) {
  std::vector<std::string> parts;
  std::vector<const Entry*> said;
  for (const Entry* entry : found) {
    const auto is_same = [&](const Entry* other) { return other->name == entry->name && other->body == entry->body; };
    if (std::any_of(said.begin(), said.end(), is_same)) continue;
    said.push_back(entry);
    std::vector<std::string> places;
    for (const Entry* other : found) {
      if (is_same(other) && !other->place.empty()) places.push_back(other->place);
    }
    const std::string where = fmt::format("{}", fmt::join(places, ", "));
    parts.push_back(fmt::format("{}{}{}\n{}", entry->name, where.empty() ? "" : " ", where, entry->body));
  }
  return fmt::format("{}", fmt::join(parts, "\n"));
}

/// The names one step below this word.
std::vector<std::string> names_below(const std::string& word) {
  std::vector<std::string> names;
  for (const Entry& entry : all_entries()) {
    for (const std::string& path : entry.paths) {
      const std::size_t dot = path.rfind('.');
      if (dot == std::string::npos || !is_path_end(path.substr(0, dot), word)) continue;
      const std::string name = path.substr(dot + 1);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

/// All ends of all paths.
std::vector<std::string> all_words() {
  std::vector<std::string> words;
  for (const Entry& entry : all_entries()) {
    for (const std::string& path : entry.paths) {
      words.push_back(path);
      for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
        words.push_back(path.substr(dot + 1));
      }
    }
  }
  return words;
}

std::string unknown(const std::string& word) {
  const std::string lead = fmt::format("explain: unknown word '{}'", printable(word, 60));
  const std::size_t dot = word.rfind('.');
  const std::string last = dot == std::string::npos ? word : word.substr(dot + 1);
  const std::string before = dot == std::string::npos ? "" : word.substr(0, dot);
  const std::vector<MeantKey> meant = meant_keys(last);
  if (!meant.empty()) {
    return fmt::format("{}; did you mean '{}' in {}?", lead, meant.front().name, meant.front().place);
  }
  const std::vector<std::string> names = before.empty() ? std::vector<std::string>() : names_below(before);
  if (!names.empty()) {
    return fmt::format("{}: {} has {}{}", lead, printable(before, 60), listed(names), did_you_mean(last, names));
  }
  const std::string nearest = did_you_mean(word, all_words());
  return lead + (nearest.empty() ? "; `tardigrad list` has all names" : nearest);
}

}  // namespace

std::vector<std::string> explained_words() {
  std::set<std::string> words;
  for (const Entry& entry : all_entries()) {
    const std::string& path = entry.paths.front();
    const bool is_file = std::any_of(result_files().begin(), result_files().end(),
                                     [&](const ColumnTexts& file) { return file.file == path; });
    words.insert(is_file ? path : path.substr(path.rfind('.') + 1));
  }
  return {words.begin(), words.end()};
}

Explanation explain(const std::string& word) {
  std::string plain = word;
  plain.erase(std::remove_if(plain.begin(), plain.end(), [](char c) { return c == '[' || c == ']'; }), plain.end());
  std::vector<const Entry*> found;
  for (const Entry& entry : all_entries()) {
    if (is_called(entry, plain)) found.push_back(&entry);
  }
  if (found.empty()) return {"", unknown(word)};
  return {text_of(found), ""};
}

}  // namespace tardigrad
