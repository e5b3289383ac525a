/// The program's commands: init, run, sweep, host, check, netcheck, report, star, trace, data, list, explain,
/// reference, help.
#pragma once

#include "scenarios/src/system/exit_code.hpp"

namespace tardigrad {

/// Returns an exit code.
int run_command_line(int argc, const char* const* argv);

}  // namespace tardigrad
