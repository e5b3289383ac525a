/// The command line in the test's own process.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/cli/command_line.hpp"

namespace tardigrad::test {

/// Exit code of `tardigrad` with these arguments.
inline int tardigrad_command(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"tardigrad"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return run_command_line(static_cast<int>(argv.size()), argv.data());
}

}  // namespace tardigrad::test
