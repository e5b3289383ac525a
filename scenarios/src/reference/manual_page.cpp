#include "scenarios/src/reference/manual_page.hpp"

#include <fmt/format.h>

#include <sstream>

namespace tardigrad {
namespace {

/// Text of a line: backslashes, hyphens and what would begin a request are escaped.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  const bool begins_request = !result.empty() && (result.front() == '.' || result.front() == '\'');
  return begins_request ? "\\&" + result : result;
}

std::string bold(const std::string& text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string option_entry(const OptionPage& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  const std::string value = option.value.empty() ? "" : " " + italic(option.value);
  const std::string usual = option.usual.empty() ? "" : fmt::format(" (usually {})", option.usual);
  return fmt::format(".TP\n{}{}\n{}\n", names, value, escaped(option.summary + usual));
}

std::string synopsis(const CommandPage& command) {
  std::string text = bold("tardigrad " + command.path) + " [options]";
  for (const OptionPage& argument : command.arguments) {
    const std::string name = italic(argument.names.front()) + (argument.is_repeated ? " ..." : "");
    text += argument.is_required ? " " + name : " [" + name + "]";
  }
  return text + "\n";
}

/// Lines as they are.
std::string example_lines(const std::string& footer) {
  std::istringstream lines(footer);
  std::string text = ".PP\n.nf\n";
  for (std::string line; std::getline(lines, line);) text += line.empty() ? ".sp\n" : escaped(line) + "\n";
  return text + ".fi\n";
}

std::string command_section(const CommandPage& command) {
  std::string text =
      fmt::format(".SS {}\n{}.PP\n{}.\n", escaped(command.path), synopsis(command), escaped(command.summary));
  for (const OptionPage& argument : command.arguments) {
    if (!argument.summary.empty()) text += option_entry(argument);
  }
  for (const OptionPage& option : command.options) {
    if (option.names.back() != "--help") text += option_entry(option);
  }
  return command.footer.empty() ? text : text + example_lines(command.footer);
}

}  // namespace

std::string manual_page(const CommandPage& program) {
  std::string text =
      ".TH TARDIGRAD 1 \"\" tardigrad \"User Commands\"\n.SH NAME\ntardigrad \\- compares decentralized learning "
      "algorithms over an "
      "emulated network\n.SH SYNOPSIS\n" +
      bold("tardigrad") + " " + italic("command") + " [options]\n.SH DESCRIPTION\n" + escaped(program.summary) +
      ".\nScenarios are TOML files.\n.SH COMMANDS\n";
  for (const CommandPage* command : all_commands(program)) {
    if (!command->path.empty() && command->commands.empty()) text += command_section(*command);
  }
  return text + ".SH EXIT STATUS\n0 done, 1 failed, 2 wrong use, 130 interrupted.\n.SH SEE ALSO\n" +
         escaped(
             "`tardigrad list` and `tardigrad explain WORD` say what scenarios may say; `tardigrad reference` prints "
             "all of it.") +
         "\n";
}

}  // namespace tardigrad
