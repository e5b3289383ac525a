/// Scripts by which shells complete the program's command lines.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/reference/command_tree.hpp"

namespace tardigrad {

/// bash, zsh and fish.
const std::vector<std::string>& shells();

/// Completes commands, options, files, folders, and the names of models, algorithms, topics and keys. `shell` is one of
/// `shells()`.
std::string completion_script(const CommandPage& program, const std::string& shell);

}  // namespace tardigrad
