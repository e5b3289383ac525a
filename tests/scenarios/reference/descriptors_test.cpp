/// What descriptors say of keys, held against what readers do.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "netem/base/text_parts.hpp"
#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"

using namespace tardigrad;

namespace {

bool has_header(const SectionText& section) {
  return !section.place.empty() && section.place.front() == '[' && section.place.back() == ']';
}

const KeyText& key_of(const SectionText& section, const std::string& name) {
  return *std::find_if(section.keys.begin(), section.keys.end(), [&](const KeyText& key) { return key.name == name; });
}

/// A scenario with these lines in this section, beside what every scenario must have.
std::string scenario_with(const std::string& place, const std::vector<std::string>& lines) {
  const std::string own = fmt::format("{}\n{}\n", place, fmt::join(lines, "\n"));
  std::string text = place.empty() ? own : "";
  for (const auto& [header, keys] : {std::pair("[time]", "duration = \"5s\"\n"), std::pair("[nodes]", "count = 20\n"),
                                     std::pair("[[algorithm]]", "kind = \"all-reduce\"\n")}) {
    if (place != header) text += fmt::format("{}\n{}", header, keys);
  }
  return place.empty() ? text : text + own;
}

/// Those that the section must have, without two that stand there anyway. A change has nodes or links, and an interval
/// or drawn stays: none of these is required by itself.
std::vector<std::string> required_lines(const SectionText& section, const std::string& one, const std::string& other) {
  std::vector<std::string> lines;
  const auto is_one_of = [&](const std::vector<std::string>& names) {
    return std::count(names.begin(), names.end(), one) + std::count(names.begin(), names.end(), other) > 0;
  };
  if (section.place == "[[network.changes]]") {
    if (!is_one_of({"nodes", "links"})) lines.push_back("nodes = \"all\"");
    if (!is_one_of({"begin", "end", "mean_on", "mean_off"})) lines.push_back("begin = \"1s\"");
  }
  for (const KeyText& key : section.keys) {
    if (key.is_required && key.name != one && key.name != other) lines.push_back(key_line(section, key));
  }
  return lines;
}

/// A scenario in which lines that name this kind have their place.
std::string scenario_of_kind(const Family& family, const KindText& kind, const std::string& lines) {
  const std::map<std::string, std::string> places = {{"data set", "[data]"},       {"partition", "[data]"},
                                                     {"optimizer", "[training]"},  {"schedule", "[training]"},
                                                     {"topology", "[network]"},    {"table of rates", "[network]"},
                                                     {"distribution", "[compute]"}};
  std::string text = "[time]\nduration = \"5s\"\n";
  const bool is_of_ratings = kind.name == "movielens" || kind.name == "by-user";
  const std::string model = is_of_ratings         ? "model = \"matrix-factorization\""
                            : kind.name == "none" ? "model = { kind = \"null\", parameters = 1000 }"
                                                  : "";
  text += fmt::format("[nodes]\ncount = 20\n{}\n", family.noun == "model" ? lines : model);
  if (places.count(family.noun) > 0) text += fmt::format("{}\n{}\n", places.at(family.noun), lines);
  for (int server = 0; server < 5; ++server) text += "[[servers]]\n";
  if (family.noun == "algorithm") return text + lines + "\n";
  // Follows graphs of every kind.
  text += fmt::format("[[algorithm]]\nkind = \"{}\"\n", family.noun == "codec" ? "divshare" : "sgp");
  return family.noun == "codec" ? text + lines + "\n" : text;
}

}  // namespace

TEST_CASE("every key has an example, which is TOML that sets it") {
  for (const SectionText& section : scenario_sections()) {
    for (const KeyText& key : section.keys) {
      CAPTURE(section.place);
      CAPTURE(key.name);
      const std::string line = key_line(section, key);
      REQUIRE(line != "");
      CHECK_NOTHROW(static_cast<void>(toml::parse(line)));
      CHECK(contains(line, key.name));
    }
  }
  for (const Family& family : families()) {
    for (const KindText& kind : family.kinds) {
      CAPTURE(kind.name);
      if (family.noun != "archive") CHECK_NOTHROW(static_cast<void>(toml::parse(kind_line(family, kind))));
      for (const KeyText& option : kind.options) {
        CAPTURE(option.name);
        const std::string line = option_line(family, kind, option);
        if (!option.usual.empty()) CHECK(contains(line, option.name));
        CHECK_NOTHROW(static_cast<void>(toml::parse(line)));
      }
    }
  }
}

TEST_CASE("readers take the examples of all kinds and of their options") {
  std::size_t examples = 0;
  for (const Family& family : families()) {
    if (family.noun == "archive") continue;
    for (const KindText& kind : family.kinds) {
      CAPTURE(kind.name);
      std::vector<std::string> lines = {kind_line(family, kind)};
      for (const KeyText& option : kind.options) {
        const std::string line = option_line(family, kind, option);
        const bool is_beside = family.noun == "algorithm" || family.noun == "data set";
        lines.push_back(is_beside && !option.is_required ? lines.front() + "\n" + line
                        : is_beside                      ? lines.front()
                                                         : line);
      }
      for (const std::string& line : lines) {
        const std::string error = parse_scenario(scenario_of_kind(family, kind, line), "s.toml").error;
        // Files that an example names are not there.
        const bool is_missing_file = contains(error, "edges.txt");
        CHECK_MESSAGE((error.empty() || is_missing_file), line, ": ", error);
        ++examples;
      }
    }
  }
  CHECK(examples > 150);
}

TEST_CASE("keys that exclude each other are refused beside each other, by a complaint of one of them") {
  std::size_t pairs = 0;
  for (const SectionText& section : scenario_sections()) {
    if (!has_header(section) && !section.place.empty()) continue;
    for (const KeyText& key : section.keys) {
      for (const std::string& name : key.excludes) {
        const KeyText& other = key_of(section, name);
        CHECK_MESSAGE(std::count(other.excludes.begin(), other.excludes.end(), key.name) == 1, key.name, " ", name);
        std::vector<std::string> lines = required_lines(section, key.name, name);
        lines.push_back(key_line(section, key));
        lines.push_back(key_line(section, other));
        if (section.place.empty()) lines = {lines[lines.size() - 2], lines.back()};
        const std::string error = parse_scenario(scenario_with(section.place, lines), "s.toml").error;
        CHECK_MESSAGE((contains(error, key.name) || contains(error, name)), section.place, ": ", error);
        ++pairs;
      }
    }
  }
  CHECK(pairs > 20);
}

TEST_CASE("a key without the one that it needs beside it is refused") {
  for (const SectionText& section : scenario_sections()) {
    if (!has_header(section)) continue;
    for (const KeyText& key : section.keys) {
      if (key.needs.empty()) continue;
      CAPTURE(section.place);
      CAPTURE(key.name);
      std::vector<std::string> lines = required_lines(section, key.name, "");
      const bool has_factor = contains(section.place, "[[network.");
      if (has_factor) lines.push_back("factor = 2");
      lines.push_back(key_line(section, key));
      const std::string error = parse_scenario(scenario_with(section.place, lines), "s.toml").error;
      CHECK_MESSAGE(contains(error, key.needs.front()), error);
    }
  }
}

TEST_CASE("what other tools call a key leads to it, in its section and elsewhere") {
  std::size_t synonyms = 0;
  for (const SectionText& section : scenario_sections()) {
    for (const KeyText& key : section.keys) {
      for (const Synonym& synonym : key.synonyms) {
        CAPTURE(synonym.name);
        const auto is_key = [&](const KeyText& other) { return other.name == synonym.name; };
        CHECK_FALSE(std::any_of(section.keys.begin(), section.keys.end(), is_key));
        ++synonyms;
        if (!has_header(section)) continue;
        // Without its kind nothing is said of an algorithm's other keys.
        if (key.name == "kind") continue;
        std::vector<std::string> lines = required_lines(section, key.name, "");
        lines.push_back(synonym.name + " = 1");
        const std::string error = parse_scenario(scenario_with(section.place, lines), "s.toml").error;
        CHECK_MESSAGE(contains(error, "did you mean '" + key.name), error);
      }
    }
  }
  CHECK(synonyms > 50);
  const auto error = [](const std::string& line) { return parse_scenario(scenario_with("", {line}), "s.toml").error; };
  CHECK(contains(error("lr = 0.1"), "; did you mean 'learning_rate' in [training]?"));
  CHECK(contains(error("n_nodes = 5"), "; did you mean 'count' in [nodes]?"));
  CHECK(contains(error("ping = \"5ms\""), "; did you mean 'latency' in [network] (half of it: one way)?"));
  CHECK(contains(error("epochs = 5"), "; did you mean 'duration' in [time] (a run lasts so long in emulated time)?"));
  CHECK(contains(error("uplink = \"1Mbps\""), "; 'uplink' has its place in [network]"));
}
