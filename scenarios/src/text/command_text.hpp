/// The text of a command line in results.
#pragma once

#include <string>

namespace tardigrad {

/// Printable, and quoted so that a shell accepts it again. The secret value of --token is left out.
std::string command_text(int argc, const char* const* argv);

}  // namespace tardigrad
