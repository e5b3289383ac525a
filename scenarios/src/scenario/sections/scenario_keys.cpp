#include "scenarios/src/scenario/sections/scenario_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "actors/protocols/registry.hpp"
#include "netem/base/text_parts.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

template <class Named>
bool contains(const std::vector<Named>& all, const std::string& name) {
  return std::any_of(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
}

/// Several sections may have the same table.
void add_once(const std::string& place, std::vector<std::string>& places) {
  if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
}

std::string place_of(const SectionText& section, const KeyText& key) {
  if (!section.place.empty()) return section.place;
  return key.sections.empty() ? "front of the first [section]" : "a section of its own";
}

/// The section and all within it, unless one of that place is known.
void add_with_inner(const SectionText& section, std::vector<SectionText>& known) {
  const bool is_known =
      std::any_of(known.begin(), known.end(), [&](const SectionText& one) { return one.place == section.place; });
  if (is_known) return;
  known.push_back(section);
  for (const KeyText& key : section.keys) {
    for (const SectionText& inner : key.sections) add_with_inner(inner, known);
  }
}

std::vector<KeyText> all_keys() {
  std::vector<KeyText> keys;
  for (const SectionText& section : scenario_sections()) {
    keys.insert(keys.end(), section.keys.begin(), section.keys.end());
  }
  return keys;
}

}  // namespace

const std::vector<SectionText>& scenario_sections() {
  static const std::vector<SectionText> all = [] {
    std::vector<SectionText> sections;
    add_with_inner(scenario_text(), sections);
    return sections;
  }();
  return all;
}

const SectionText& scenario_text() {
  static const SectionText text = whole_file().text();
  return text;
}

std::string dotted_name(const std::string& place) {
  const bool is_of_some_algorithms = !place.empty() && place.front() != '[' && place.back() != '}';
  if (is_of_some_algorithms) return "algorithm";
  std::string name;
  for (const char c : place) {
    const bool is_part = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    if (is_part) {
      name += c;
    } else if (!name.empty() && name.back() != '.') {
      name += '.';
    }
  }
  return name.substr(0, name.find_last_not_of('.') + 1);
}

bool is_path_end(const std::string& path, const std::string& name) {
  return path == name || ends_with(path, "." + name);
}

bool has_kinds(const std::string& key) {
  const std::vector<KeyText> keys = all_keys();
  return std::any_of(keys.begin(), keys.end(),
                     [&](const KeyText& one) { return one.name == key && !one.kinds.empty(); });
}

std::string places_of_key(const std::string& key) {
  std::vector<std::string> places;
  for (const SectionText& section : scenario_sections()) {
    for (const KeyText& own : section.keys) {
      if (own.name == key) add_once(place_of(section, own), places);
    }
  }
  for (const KeyText& own : all_keys()) {
    if (own.values.may_be(ValueForm::Type::kind_beside)) continue;
    for (const KindText& kind : own.kinds) {
      if (contains(kind.options, key)) add_once(fmt::format("{} = {{ kind = \"{}\" }}", own.name, kind.name), places);
    }
  }
  for (const Algorithm& algorithm : algorithms()) {
    if (contains(algorithm.options, key)) places.push_back("algorithm " + algorithm.name);
  }
  return listed(places);
}

std::vector<MeantKey> meant_keys(const std::string& synonym) {
  std::vector<MeantKey> meant;
  for (const SectionText& section : scenario_sections()) {
    for (const KeyText& key : section.keys) {
      for (const Synonym& one : key.synonyms) {
        if (one.name == synonym) meant.push_back({key.name, place_of(section, key), one.remark});
      }
    }
  }
  return meant;
}

}  // namespace tardigrad
