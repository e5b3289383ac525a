/// The program's exit codes.
#pragma once

namespace tardigrad {

enum ExitCode { exit_done = 0, exit_failed = 1, exit_wrong_use = 2, exit_interrupted = 130 };

}  // namespace tardigrad
