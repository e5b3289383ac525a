#include "scenarios/src/scenario/scenario_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "scenarios/src/scenario/scenario_checks.hpp"
#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/scenario/scenario_override.hpp"
#include "scenarios/src/scenario/section_readers.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kLargestFile = 16 << 20;

TomlSection required_section(const TomlSection& root, const std::string& key) {
  if (!root.has(key)) root.complain(key, fmt::format("missing, expected a section [{}]", key));
  return root.section(key);
}

/// Names are folders in the results, hence unique.
void check_names(const std::vector<AlgorithmSection>& sections, const std::vector<TomlSection>& tables) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::string& name = sections[i].name;
    if (names.insert(name).second) continue;
    tables[i].complain(tables[i].has("name") ? "name" : "kind",
                       fmt::format("there are two algorithms called '{0}': expected a name of its own, such as "
                                   "name = \"{0}-2\"",
                                   name));
  }
}

std::vector<std::string> names_of(const std::vector<AlgorithmSection>& algorithms) {
  std::vector<std::string> names;
  for (const AlgorithmSection& section : algorithms) names.push_back(section.name);
  return names;
}

Scenario read_scenario(const TomlSection& root, const std::string& file) {
  root.allow(section_keys(""));
  Scenario scenario;
  scenario.name = read_scenario_name(root, file);
  scenario.seeds = read_seeds(root);
  scenario.time = read_time(required_section(root, "time"));
  scenario.nodes = read_nodes(required_section(root, "nodes"));
  scenario.data = read_data(root.section("data"), scenario.nodes.model);
  scenario.data_at = root.has("data") ? root.section("data").where() : root.section("nodes").where("model");
  scenario.training = read_training(root.section("training"));
  scenario.compute = read_compute(root.section("compute"), scenario.nodes.count);
  scenario.compute.start_stagger = read_start_stagger(root.section("compute"), scenario.expected_round());
  scenario.network = read_network(root.section("network"), scenario.nodes.count);
  scenario.churn = read_churn(root, scenario.nodes.count);

  const std::vector<TomlSection> tables = root.sections("algorithm");
  if (tables.empty()) root.complain("algorithm", "expected at least one [[algorithm]] table");
  for (const TomlSection& table : tables) {
    scenario.algorithms.push_back(read_algorithm(table, scenario.network));
  }
  check_names(scenario.algorithms, tables);
  scenario.placement = read_placement(root, scenario.nodes.count);
  if (root.has("evaluation")) {
    scenario.evaluation = read_evaluation(root.section("evaluation"), names_of(scenario.algorithms));
  }
  return scenario;
}

ScenarioResult checked_scenario(const toml::table& table, const std::string& file) {
  FirstMistake mistake;
  const TomlSection root(table, "", file, mistake);
  Scenario scenario = read_scenario(root, file);
  // The next check relies on a scenario without mistakes so far.
  if (!mistake.found()) check_whole(scenario, root);
  if (mistake.found()) return {std::nullopt, mistake.line()};
  return {std::move(scenario), {}};
}

std::string syntax_error(const std::string& file, const toml::parse_error& error) {
  std::string what(error.description());
  // Most often a quantity without quotes.
  if (what.find("expected digit") != std::string::npos) what += "; a number with a unit needs quotes, such as \"2ms\"";
  const auto at = error.source().begin;
  return one_line(fmt::format("{}:{}:{}: {}", file, at.line, at.column, what));
}

}  // namespace

ScenarioResult parse_scenario(std::string_view text, const std::string& name,
                              const std::vector<std::string>& overrides) {
  if (const auto line = line_of_endless_key(text); line > 0) {
    return {std::nullopt, one_line(fmt::format("{}:{}:1: a key of too many parts", name, line))};
  }
  try {
    toml::table root = toml::parse(text, std::string_view(name));
    for (const std::string& override_text : overrides) {
      if (auto error = apply_override(root, override_text); !error.empty()) return {std::nullopt, std::move(error)};
    }
    return checked_scenario(root, name);
  } catch (const toml::parse_error& error) {
    return {std::nullopt, syntax_error(name, error)};
  }
}

/// Not `file_text`, which returns no reason: here the user needs each of them.
ScenarioResult load_scenario(const std::string& path, const std::vector<std::string>& overrides) {
  const auto failure = [&](const std::string& why) -> ScenarioResult {
    return {std::nullopt, one_line(path + ": cannot read the scenario file: " + why)};
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return failure("it is a folder, expected a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return failure(std::generic_category().message(errno));
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return failure("reading failed");
  if (file.gcount() > static_cast<std::streamsize>(kLargestFile)) return failure("expected at most 16 MiB");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_scenario(text, path, overrides);
}

}  // namespace tardigrad
