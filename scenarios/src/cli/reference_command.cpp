/// What is printed from descriptors as a whole: the reference, its schema, completion scripts, the manual page.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "models/printable.hpp"
#include "scenarios/src/cli/command_words.hpp"
#include "scenarios/src/cli/sub_command.hpp"
#include "scenarios/src/reference/command_tree.hpp"
#include "scenarios/src/reference/completion_script.hpp"
#include "scenarios/src/reference/manual_page.hpp"
#include "scenarios/src/reference/reference_page.hpp"
#include "scenarios/src/reference/scenario_schema.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/suggestion.hpp"

namespace tardigrad {

namespace {

int print_completion(const CLI::App& program, const std::string& shell) {
  const auto& known = shells();
  if (std::find(known.begin(), known.end(), shell) == known.end()) {
    return complain(exit_wrong_use, fmt::format("completion: unknown shell '{}': expected {}{}", printable(shell, 40),
                                                listed(known), did_you_mean(shell, known)));
  }
  print_result(completion_script(command_page(program), shell));
  return exit_done;
}

}  // namespace

SubCommand add_reference_command(const Program& program) {
  const auto schema = std::make_shared<bool>(false);
  CLI::App* command = program.app.add_subcommand("reference", "all keys, kinds and columns as one page of Markdown");
  command->footer(examples({"reference > REFERENCE.md", "reference --schema > scenario.schema.json"}));
  command->add_flag("--schema", *schema, "instead a JSON Schema of scenario files, for editors");
  return {command, [schema] {
            print_result(*schema ? scenario_schema() : reference_page());
            return exit_done;
          }};
}

SubCommand add_completion_command(const Program& program) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = program.app.add_subcommand("completion", "a script by which a shell completes command lines");
  command->footer(examples({"completion bash > ~/.local/share/bash-completion/completions/tardigrad",
                            "completion fish > ~/.config/fish/completions/tardigrad.fish",
                            "completion zsh > tardigrad.zsh                # to be sourced"}));
  command->add_option("shell", *shell, listed(shells()))->required()->type_name("SHELL");
  return {command, [shell, &app = program.app] { return print_completion(app, *shell); }};
}

SubCommand add_man_command(const Program& program) {
  CLI::App* command = program.app.add_subcommand("man", "the manual page, for man -l");
  command->footer(examples({"man > tardigrad.1"}));
  return {command, [&app = program.app]() -> int {
            print_result(manual_page(command_page(app)));
            return exit_done;
          }};
}

}  // namespace tardigrad
