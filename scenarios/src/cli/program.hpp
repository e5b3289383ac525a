/// The whole program, behind its `main`.
#pragma once

namespace tardigrad {

/// Carries out a command line; returns the exit code of the process.
int run_program(int argc, char** argv);

}  // namespace tardigrad
