/// Sub-commands of the program. Each is a file that adds its options and says what to do with them.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace tardigrad {

struct SubCommand {
  CLI::App* app = nullptr;
  /// Does what the parsed options say, and returns an exit code.
  std::function<int()> act;
};

/// What sub-commands know of the program that has them.
struct Program {
  CLI::App& app;
  std::string command_line;  ///< as it was typed, for the results
};

SubCommand add_init_command(const Program& program);
SubCommand add_run_command(const Program& program);
SubCommand add_sweep_command(const Program& program);
SubCommand add_host_command(const Program& program);
SubCommand add_check_command(const Program& program);
SubCommand add_netcheck_command(const Program& program);
SubCommand add_report_command(const Program& program);
SubCommand add_star_command(const Program& program);
SubCommand add_trace_command(const Program& program);
SubCommand add_data_command(const Program& program);
SubCommand add_module_trial_command(const Program& program);
SubCommand add_list_command(const Program& program);
SubCommand add_explain_command(const Program& program);
SubCommand add_reference_command(const Program& program);
SubCommand add_completion_command(const Program& program);
SubCommand add_man_command(const Program& program);
SubCommand add_help_command(const Program& program);

}  // namespace tardigrad
