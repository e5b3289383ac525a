#include "scenarios/src/scenario/sections/scenario_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/protocols/registry.hpp"
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

std::vector<SectionText> each_once(const std::vector<SectionText>& all) {
  std::vector<SectionText> chosen;
  for (const SectionText& section : all) {
    const bool is_known =
        std::any_of(chosen.begin(), chosen.end(), [&](const SectionText& one) { return one.place == section.place; });
    if (!is_known) chosen.push_back(section);
  }
  return chosen;
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
  static const std::vector<SectionText> all = each_once(whole_file().texts());
  return all;
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
    for (const KeysOfKind& kind : own.kinds) {
      const bool has_key = std::find(kind.keys.begin(), kind.keys.end(), key) != kind.keys.end();
      if (has_key) add_once(fmt::format("{} = {{ kind = \"{}\" }}", own.name, kind.kind), places);
    }
  }
  for (const Algorithm& algorithm : algorithms()) {
    if (contains(algorithm.options, key)) places.push_back("algorithm " + algorithm.name);
  }
  return listed(places);
}

}  // namespace tardigrad
