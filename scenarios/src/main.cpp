#include <cerrno>
#include <exception>
#include <string>

#include "runtime/compute/memory.hpp"
#include "scenarios/src/cli/command_line.hpp"
#include "scenarios/src/run/module_trial.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace {

int carry_out(int argc, char** argv) {
  try {
    return tardigrad::run_command_line(argc, argv);
  } catch (const std::exception& problem) {
    return tardigrad::complain(tardigrad::exit_failed, problem.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (!tardigrad::secure_standard_streams()) return tardigrad::exit_failed;
  tardigrad::prefer_large_pages();
  tardigrad::try_modules_with(tardigrad::own_program());
  const int code = carry_out(argc, argv);
  const std::string problem = tardigrad::standard_output_problem();
  if (problem.empty()) return code;
  tardigrad::complain(tardigrad::exit_failed, problem);
  return code == tardigrad::exit_done ? tardigrad::exit_failed : code;
}
