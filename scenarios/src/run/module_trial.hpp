/// Tries a user's TorchScript module in a process of its own first: it is code, and a damaged one can end
/// LibTorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/learners/learner.hpp"

namespace tardigrad {

/// From now on modules are tried by this program, called anew as `tardigrad try-module`. To be called once,
/// before the first learner is made; without it there is no trial.
void try_modules_with(std::filesystem::path program);

/// For `make_learner`; null if there is to be no trial. The other process opens the module and does what
/// `TorchScriptNetwork::load` does, forward and backward, in bounded time and memory. An unexpected end of it
/// becomes one line. The module that was tried last is not tried again.
ModuleTrial module_trial();

struct ModuleTrialArguments {
  std::string file;  ///< its bytes
  std::string name;  ///< the user's name for it
  std::vector<std::int64_t> input;
  std::int64_t classes = 0;
  std::int64_t vocabulary = 0;
  std::string statistics;
};

/// The other process. Returns an exit code: the module may be used, or the last line printed is the reason why
/// not.
int try_module_command(const ModuleTrialArguments& arguments);

}  // namespace tardigrad
