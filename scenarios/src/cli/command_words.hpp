/// Words of the command line: what was meant by those that are unknown, and how help shows those that are known.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tardigrad {

/// One line on the first command or option that there is none of, with the nearest one; empty if all are known.
std::string unknown_word(const CLI::App& program, const std::vector<std::string>& words);

/// The help of the command with these words, of the whole program without any. `unknown` is a line if there is none.
std::string help_on(const CLI::App& program, const std::vector<std::string>& words, std::string& unknown);

/// The end of a command's help: its command lines as users write them.
std::string examples(const std::vector<std::string>& lines);

/// As CLI11 does it, without the options that each option excludes: their refusal says so.
class PlainHelp final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace tardigrad
