/// The program's commands: run, sweep, host, check, netcheck, report, star, trace, list, data, help.
#pragma once

namespace tardigrad {

enum ExitCode { exit_done = 0, exit_failed = 1, exit_wrong_use = 2, exit_interrupted = 130 };

int run_command_line(int argc, const char* const* argv);

}  // namespace tardigrad
