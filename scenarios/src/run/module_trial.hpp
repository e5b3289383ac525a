/// A user's TorchScript module is code, and a damaged one can end LibTorch: it is tried in a process of its own first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/learners/learner.hpp"

namespace tardigrad {

/// From now on modules are tried by this program, called anew as `tardigrad try-module`. To be said once, before the
/// first learner is made; where nobody says it there is no trial.
void try_modules_with(std::filesystem::path program);

/// For `make_learner`; null if there is to be no trial. The other process opens the module and takes it through what
/// `TorchScriptNetwork::load` does, forwards and back, in bounded time and memory. Its end, if it is none that was
/// asked for, is one line. What was tried last is not tried again.
ModuleTrial module_trial();

struct ModuleTrialArguments {
  std::string file;  ///< its bytes
  std::string name;  ///< what the user calls it
  std::vector<std::int64_t> input;
  std::int64_t classes = 0;
  std::int64_t vocabulary = 0;
  std::string statistics;
};

/// The other process. Returns an exit code: the module may be used, or what it has printed last says why not.
int try_module_command(const ModuleTrialArguments& arguments);

}  // namespace tardigrad
