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
#include "scenarios/src/scenario/syntax_advice.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kLargestFile = 16 << 20;

ScenarioResult refused(const std::string& mistake) { return {std::nullopt, mistake, {mistake}}; }

ScenarioResult checked_scenario(const toml::table& table, const std::string& file) {
  Mistakes mistakes(places_of_key, meant_keys);
  const TomlSection root(table, "", file, mistakes);
  Scenario scenario;
  scenario.name = name_of_file(file);
  whole_file().read(root, scenario, scenario);
  // The next check relies on a scenario without mistakes so far.
  if (mistakes.count() == 0) check_whole(scenario, root);
  if (mistakes.count() > 0) return {std::nullopt, mistakes.first_line(), mistakes.lines()};
  return {std::move(scenario), {}, {}};
}

/// A line of the text, counted from 1; empty beyond the last.
std::string_view line_of(std::string_view text, std::size_t line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::string syntax_error(const std::string& file, std::string_view text, const toml::parse_error& error) {
  const auto at = error.source().begin;
  return one_line(fmt::format("{}:{}:{}: {}{}", file, at.line, at.column, error.description(),
                              syntax_advice(line_of(text, at.line))));
}

}  // namespace

ScenarioResult parse_scenario(std::string_view text, const std::string& name,
                              const std::vector<std::string>& overrides) {
  if (const auto line = line_of_endless_key(text); line > 0) {
    return refused(one_line(fmt::format("{}:{}:1: a key of too many parts", name, line)));
  }
  try {
    toml::table root = toml::parse(text, std::string_view(name));
    for (const std::string& override_text : overrides) {
      if (auto error = apply_override(root, override_text); !error.empty()) return refused(error);
    }
    return checked_scenario(root, name);
  } catch (const toml::parse_error& error) {
    return refused(syntax_error(name, text, error));
  }
}

/// Not `file_text`, which returns no reason: here the user needs each of them.
ScenarioResult load_scenario(const std::string& path, const std::vector<std::string>& overrides) {
  const auto failure = [&](const std::string& why) -> ScenarioResult {
    return refused(one_line(path + ": cannot read the scenario file: " + why));
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
