#include "scenarios/src/cli/program.hpp"

#include <exception>
#include <new>
#include <string>

#include "runtime/compute/memory.hpp"
#include "scenarios/src/cli/command_line.hpp"
#include "scenarios/src/run/module_trial.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "scenarios/src/system/complaint.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

namespace {

int carry_out(int argc, char** argv) {
  try {
    return run_command_line(argc, argv);
  } catch (const std::bad_alloc&) {
    return complain(exit_failed, "there is not enough memory");
  } catch (const std::exception& problem) {
    // LibTorch's reasons go on with the calls that led there.
    const std::string reason = problem.what();
    return complain(exit_failed, reason.substr(0, reason.find('\n')));
  }
}

}  // namespace

int run_program(int argc, char** argv) {
  if (!secure_standard_streams()) return exit_failed;
  prefer_large_pages();
  try_modules_with(own_program());
  const int code = carry_out(argc, argv);
  const std::string problem = standard_output_problem();
  if (problem.empty()) return code;
  complain(exit_failed, problem);
  return code == exit_done ? exit_failed : code;
}

}  // namespace tardigrad
