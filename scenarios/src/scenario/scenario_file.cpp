#include "scenarios/src/scenario/scenario_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "scenarios/src/scenario/scenario_checks.hpp"
#include "scenarios/src/scenario/scenario_override.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kLargestFile = 16 << 20;

ScenarioResult checked_scenario(const toml::table& table, const std::string& file) {
  FirstMistake mistake(places_of_key);
  const TomlSection root(table, "", file, mistake);
  Scenario scenario;
  scenario.name = name_of_file(file);
  whole_file().read(root, scenario, scenario);
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

std::string to_toml(const Scenario& scenario) {
  TomlWriter out;
  whole_file().write(scenario, out);
  return out.finish();
}

}  // namespace tardigrad
