#include "scenarios/src/cli/command_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/printable.hpp"
#include "netem/base/text_parts.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& command, const std::string& word) {
  const auto commands = commands_of(command);
  const auto found = std::find_if(commands.begin(), commands.end(), [&](auto* one) { return one->get_name() == word; });
  return found == commands.end() ? nullptr : *found;
}

/// Leaves out commands and options that only the program itself uses.
template <class CommandOrOption>
bool is_hidden(const CommandOrOption& one) {
  return one.get_group().empty();
}

std::string unknown_command(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* one : commands_of(command)) {
    if (!is_hidden(*one)) names.push_back(one->get_name());
  }
  const std::string nearest = did_you_mean(word, names);
  return fmt::format("unknown command '{}': expected {}{}", printable(word, 40), listed(names), nearest);
}

std::string unknown_option(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (!is_hidden(*option)) names.push_back("--" + name);
    }
  }
  return fmt::format("unknown option '{}' of {}{}", printable(word, 40), command.get_name(), did_you_mean(word, names));
}

}  // namespace

std::string unknown_word(const CLI::App& program, const std::vector<std::string>& words) {
  const CLI::App* command = &program;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word == "--") return {};
    const bool is_option = word->size() > 1 && word->front() == '-';
    if (is_option) {
      const std::size_t sign = word->find('=');
      const CLI::Option* option = command->get_option_no_throw(word->substr(0, sign));
      if (option == nullptr) return unknown_option(*command, word->substr(0, sign));
      const bool takes_next = sign == std::string::npos && option->get_items_expected_max() > 0;
      if (takes_next && word + 1 != words.end()) ++word;
    } else if (!commands_of(*command).empty()) {
      const CLI::App* const next = find_command(*command, *word);
      if (next == nullptr) return unknown_command(*command, *word);
      command = next;
    }
  }
  return {};
}

std::vector<std::string> last_first(const std::vector<std::string>& words) {
  std::vector<std::string> all;
  const auto no_options = std::find(words.begin(), words.end(), "--");
  for (auto word = words.begin(); word != words.end(); ++word) {
    const std::size_t sign = word->find('=');
    const bool lacks_value = word < no_options && begins_with(*word, "--") && sign == word->size() - 1;
    all.push_back(word->substr(0, lacks_value ? sign : word->size()));
    if (lacks_value) all.emplace_back();
  }
  std::reverse(all.begin(), all.end());
  return all;
}

std::string missing_value(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const auto& given = option->results();
    if (std::find(given.begin(), given.end(), "") == given.end()) continue;
    return fmt::format("{}: expected a value, got \"\"", option->get_name());
  }
  for (const CLI::App* parsed : command.get_subcommands()) {
    std::string missing = missing_value(*parsed);
    if (!missing.empty()) return missing;
  }
  return {};
}

std::string help_on(const CLI::App& program, const std::vector<std::string>& words, std::string& unknown) {
  const CLI::App* command = &program;
  std::string name = program.get_name();
  for (const std::string& word : words) {
    const CLI::App* const next = find_command(*command, word);
    if (next == nullptr) {
      unknown = unknown_command(*command, word);
      return {};
    }
    command = next;
    name += " " + word;
  }
  // CLI11's own help() is that of the parsed command; this one is needed.
  return command->get_formatter()->make_help(command, name, CLI::AppFormatMode::Normal);
}

std::string examples(const std::vector<std::string>& lines) {
  std::string text = "Examples:";
  for (const std::string& line : lines) text += "\n  tardigrad " + line;
  return text;
}

std::string PlainHelp::make_option_opts(const CLI::Option* option) const {
  const std::string text = Formatter::make_option_opts(option);
  return text.substr(0, text.find(" " + get_label("Excludes")));
}

}  // namespace tardigrad
