#include "scenarios/src/reference/completion_script.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tardigrad {
namespace {

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

/// What compgen is asked for, by a value's type: "-f" for files, "-d" for folders, words in quotes, or nothing.
std::string compgen_of(const CommandPage& program, const std::string& type) {
  if (type == "FILE") return "-f";
  if (type == "FOLDER") return "-d";
  const std::vector<std::string> words = words_of_type(program, type);
  return words.empty() ? "" : fmt::format("-W '{}'", joined(words));
}

/// Lines of a case over "command:option before the cursor".
std::string bash_values(const CommandPage& program) {
  std::string text;
  for (const CommandPage* command : all_commands(program)) {
    for (const OptionPage& option : command->options) {
      if (option.value.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back(fmt::format("'{}:{}'", command->path, name));
      const std::string asked = compgen_of(program, option.value);
      text += fmt::format("    {})\n      {}return ;;\n", fmt::join(patterns, "|"),
                          asked.empty() ? "" : fmt::format("_tardigrad_offer {}; ", asked));
    }
  }
  return text;
}

/// Lines of a case over the command: its options, inner commands and arguments.
std::string bash_words(const CommandPage& program) {
  std::string text;
  for (const CommandPage* command : all_commands(program)) {
    std::vector<std::string> options;
    std::vector<std::string> inner;
    for (const OptionPage& option : command->options) options.push_back(option.names.back());
    for (const CommandPage& one : command->commands) inner.push_back(one.path.substr(one.path.rfind(' ') + 1));
    std::string offers = inner.empty() ? "" : fmt::format(" _tardigrad_offer -W '{}';", joined(inner));
    for (const OptionPage& argument : command->arguments) {
      const std::string asked = compgen_of(program, argument.value);
      if (!asked.empty()) offers += fmt::format(" _tardigrad_offer {};", asked);
    }
    text += fmt::format("    '{}')\n      if [[ $cur == -* ]]; then _tardigrad_offer -W '{}'; else{}{} fi ;;\n",
                        command->path, joined(options), offers, offers.empty() ? " :;" : "");
  }
  return text;
}

std::string bash_script(const CommandPage& program) {
  std::vector<std::string> paths;
  for (const CommandPage* command : all_commands(program)) {
    if (!command->path.empty()) paths.push_back(fmt::format("'{}'", command->path));
  }
  return fmt::format(
      "_tardigrad_offer() {{\n"
      "  local line\n"
      "  while IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen \"$@\" -- \"$cur\")\n"
      "}}\n"
      "_tardigrad() {{\n"
      "  local cur=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= i\n"
      "  COMPREPLY=()\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"${{command:+$command }}${{COMP_WORDS[i]}}\" in\n"
      "    {}) command=${{command:+$command }}${{COMP_WORDS[i]}} ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$command:$before\" in\n"
      "{}"
      "  esac\n"
      "  case \"$command\" in\n"
      "{}"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _tardigrad tardigrad\n",
      fmt::join(paths, "|"), bash_values(program), bash_words(program));
}

/// zsh understands bash's scripts; words are split there as in bash.
std::string zsh_script(const CommandPage& program) {
  return "autoload -U +X compinit bashcompinit && compinit -u && bashcompinit\n" + bash_script(program);
}

std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted + "'";
}

/// When a command's own completions hold.
std::string fish_condition(const CommandPage& command) {
  if (command.path.empty()) return "__fish_use_subcommand";
  const std::size_t blank = command.path.find(' ');
  std::string text = "__fish_seen_subcommand_from " + command.path.substr(0, blank);
  if (blank != std::string::npos) text += "; and __fish_seen_subcommand_from " + command.path.substr(blank + 1);
  return text;
}

/// What fish offers for a value of this type.
std::string fish_values(const CommandPage& program, const std::string& type) {
  if (type == "FILE") return " -F";
  if (type == "FOLDER") return " -a '(__fish_complete_directories)'";
  const std::vector<std::string> words = words_of_type(program, type);
  return words.empty() ? "" : " -a " + fish_quoted(joined(words));
}

std::string fish_script(const CommandPage& program) {
  std::string text = "complete -c tardigrad -f\n";
  for (const CommandPage* command : all_commands(program)) {
    const std::string lead = fmt::format("complete -c tardigrad -n {}", fish_quoted(fish_condition(*command)));
    for (const CommandPage& inner : command->commands) {
      const std::string name = inner.path.substr(inner.path.rfind(' ') + 1);
      text += fmt::format("{} -a {} -d {}\n", lead, name, fish_quoted(inner.summary));
    }
    for (const OptionPage& argument : command->arguments) {
      const std::string values = fish_values(program, argument.value);
      if (!values.empty()) text += lead + values + "\n";
    }
    for (const OptionPage& option : command->options) {
      const std::string& name = option.names.back();
      const std::string values = option.value.empty() ? "" : " -x" + fish_values(program, option.value);
      const bool is_file = option.value == "FILE";
      text += fmt::format("{} -l {}{} -d {}\n", lead, name.substr(2), is_file ? " -r -F" : values,
                          fish_quoted(option.summary));
    }
  }
  return text;
}

}  // namespace

const std::vector<std::string>& shells() {
  static const std::vector<std::string> names = {"bash", "zsh", "fish"};
  return names;
}

std::string completion_script(const CommandPage& program, const std::string& shell) {
  if (shell == "fish") return fish_script(program);
  return shell == "zsh" ? zsh_script(program) : bash_script(program);
}

}  // namespace tardigrad
