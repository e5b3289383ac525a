/// Words of the command line: suggestions for unknown ones, and the layout of help.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tardigrad {

/// One line on the first unknown command or option, with the nearest known one; empty if all are known.
std::string unknown_word(const CLI::App& program, const std::vector<std::string>& words);

/// The words as CLI11 takes them, the last one first. "--out=" becomes "--out" and an empty value: else CLI11 would
/// take the next word for the value.
std::vector<std::string> last_first(const std::vector<std::string>& words);

/// One line on an option or argument that was given an empty value, of the command or one of its own that was parsed;
/// empty if there is none. No option has any use for an empty value, which most often is a variable that is not set.
std::string missing_value(const CLI::App& command);

/// The help of the command with these words, or of the whole program without any. `unknown` is a line if there
/// is no such command.
std::string help_on(const CLI::App& program, const std::vector<std::string>& words, std::string& unknown);

/// The end of a command's help: its command lines as users write them.
std::string examples(const std::vector<std::string>& lines);

/// CLI11's layout without the lists of excluded options: their error messages name them.
class PlainHelp final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace tardigrad
