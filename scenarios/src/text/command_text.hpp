/// A command line as results keep it.
#pragma once

#include <string>

namespace tardigrad {

/// Printable, and quoted so that a shell takes it again. What is secret in it, the value of --token, is left out.
std::string command_text(int argc, const char* const* argv);

}  // namespace tardigrad
