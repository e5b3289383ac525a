/// The program's commands as its command line describes them, for shells and for the manual page.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tardigrad {

/// An option, or an argument without a name in front.
struct OptionPage {
  std::vector<std::string> names;  ///< "-h", "--help"; of an argument its name alone
  std::string summary;
  std::string value;  ///< the type of its value: "FILE", "FOLDER", "MODEL", ...; empty: it takes none
  std::string usual;
  bool is_required = false;
  bool is_repeated = false;
};

struct CommandPage {
  std::string path;  ///< "data fetch"; empty: the program itself
  std::string summary;
  std::vector<OptionPage> arguments;
  std::vector<OptionPage> options;
  std::string footer;  ///< as the help ends
  std::vector<CommandPage> commands;
};

/// Without what only the program itself uses.
CommandPage command_page(const CLI::App& program);

/// The command and all within, outer ones first.
std::vector<const CommandPage*> all_commands(const CommandPage& program);

/// What a value of this type may be, for completion: names of models for "MODEL"; none where anything may stand.
std::vector<std::string> words_of_type(const CommandPage& program, const std::string& type);

}  // namespace tardigrad
