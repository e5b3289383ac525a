/// The one place that reports errors to the user.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/system/exit_code.hpp"

namespace tardigrad {

/// Prints `problem` on standard error, in one line, and returns `code`.
int complain(ExitCode code, const std::string& problem);

/// The same of several problems, a line each; of very many the first.
int complain_of_each(ExitCode code, const std::vector<std::string>& problems);

}  // namespace tardigrad
