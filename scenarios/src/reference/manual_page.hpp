/// The manual page of the program.
#pragma once

#include <string>

#include "scenarios/src/reference/command_tree.hpp"

namespace tardigrad {

/// In the man macros, section 1: every command with its arguments, options and examples.
std::string manual_page(const CommandPage& program);

}  // namespace tardigrad
