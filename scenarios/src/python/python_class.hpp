/// A class in a Python file that defines an algorithm.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <vector>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// Everything about it, so that it can be named in errors and checkpoints. Its own destruction needs `PythonLock`.
struct PythonClass {
  pybind11::object type;
  pybind11::object message_type;  ///< tardigrad.Message
  pybind11::object round_type;    ///< tardigrad.LocalRound
  std::string file;               ///< absolute path
  std::vector<char> checksum;     ///< of the file's content

  std::string name() const { return type.attr("__name__").cast<std::string>(); }
};

/// An object of the class with these options. `run` is None for one that is only asked before a run. Needs
/// `PythonLock`.
pybind11::object make_object(const PythonClass& own, const AlgorithmOptions& options, const pybind11::object& run);

}  // namespace tardigrad
