/// The one place that reports errors to the user.
#pragma once

#include <string>

#include "scenarios/src/system/exit_code.hpp"

namespace tardigrad {

/// Prints `problem` on standard error, in one line, and returns `code`.
int complain(ExitCode code, const std::string& problem);

}  // namespace tardigrad
