#include "scenarios/src/reference/command_tree.hpp"

#include <algorithm>
#include <map>

#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/reference/completion_script.hpp"
#include "scenarios/src/reference/explanation.hpp"
#include "scenarios/src/reference/list_report.hpp"

namespace tardigrad {
namespace {

/// "UINT" of "UINT:UINT in [1 - 1024]"; empty of flags.
std::string type_of(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

OptionPage option_page(const CLI::Option& option) {
  OptionPage page;
  page.summary = option.get_description();
  page.value = type_of(option);
  page.usual = option.get_default_str();
  page.is_required = option.get_required();
  page.is_repeated = option.get_items_expected_max() > 1;
  if (option.get_positional()) {
    page.names = {option.get_name()};
    return page;
  }
  for (const std::string& name : option.get_snames()) page.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) page.names.push_back("--" + name);
  return page;
}

CommandPage command_page_at(const CLI::App& command, const std::string& path) {
  CommandPage page;
  page.path = path;
  page.summary = command.get_description();
  page.footer = command.get_footer();
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? page.arguments : page.options).push_back(option_page(*option));
  }
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (inner->get_group().empty()) continue;
    page.commands.push_back(command_page_at(*inner, path.empty() ? inner->get_name() : path + " " + inner->get_name()));
  }
  return page;
}

void add_commands(const CommandPage& page, std::vector<const CommandPage*>& all) {
  all.push_back(&page);
  for (const CommandPage& inner : page.commands) add_commands(inner, all);
}

std::vector<std::string> names_of_commands(const CommandPage& program) {
  std::vector<std::string> names;
  for (const CommandPage& command : program.commands) names.push_back(command.path);
  return names;
}

}  // namespace

CommandPage command_page(const CLI::App& program) { return command_page_at(program, ""); }

std::vector<const CommandPage*> all_commands(const CommandPage& program) {
  std::vector<const CommandPage*> all;
  add_commands(program, all);
  return all;
}

std::vector<std::string> words_of_type(const CommandPage& program, const std::string& type) {
  if (type == "COMMAND") return names_of_commands(program);
  if (type == "TOPIC") return list_topics();
  if (type == "SECTION") return listed_sections();
  if (type == "WORD") return explained_words();
  if (type == "SHELL") return shells();
  static const std::map<std::string, std::string> nouns = {
      {"MODEL", "model"}, {"ALGORITHMS", "algorithm"}, {"ARCHIVE", "archive"}};
  const auto noun = nouns.find(type);
  return noun == nouns.end() ? std::vector<std::string>() : names_of(find_family(noun->second)->kinds);
}

}  // namespace tardigrad
