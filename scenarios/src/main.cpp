#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "runtime/memory.hpp"
#include "scenarios/src/command_line.hpp"

int main(int argc, char** argv) {
  tardigrad::prefer_large_pages();
  try {
    return tardigrad::run_command_line(argc, argv);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "tardigrad: {}\n", problem.what());
    return tardigrad::exit_failed;
  }
}
