#include <memory>

#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/run/module_trial.hpp"

namespace tardigrad {

/// Only the program itself uses this command: no help shows it.
SubCommand add_module_trial_command(const Program& program) {
  const auto arguments = std::make_shared<ModuleTrialArguments>();
  CLI::App* command = program.app.add_subcommand("try-module", "try a TorchScript module")->group("");
  command->add_option("file", arguments->file)->required();
  command->add_option("--name", arguments->name)->required();
  command->add_option("--input", arguments->input)->delimiter(',')->required();
  command->add_option("--classes", arguments->classes)->required();
  command->add_option("--vocabulary", arguments->vocabulary)->required();
  command->add_option("--statistics", arguments->statistics)->required();
  return {command, [arguments] { return try_module_command(*arguments); }};
}

}  // namespace tardigrad
