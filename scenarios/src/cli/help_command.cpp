#include <memory>

#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

SubCommand add_help_command(const Program& program) {
  const auto words = std::make_shared<std::vector<std::string>>();
  CLI::App* command = program.app.add_subcommand("help", "what a command does and takes");
  command->add_option("command", *words, "its name; the whole program if left out")->type_name("COMMAND");
  return {command, [words, &app = program.app] {
            std::string unknown;
            print_result(help_on(app, *words, unknown));
            return unknown.empty() ? exit_done : complain(exit_wrong_use, unknown);
          }};
}

}  // namespace tardigrad
