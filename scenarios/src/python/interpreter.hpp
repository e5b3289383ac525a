/// The Python in this program. It is started when it is first needed, and never ended.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace tardigrad {

/// Starts Python unless it runs. Throws std::runtime_error with one line if it does not start.
void start_python();

/// While there is one, this thread may use Python: all that touches objects of Python needs one.
using PythonLock = pybind11::gil_scoped_acquire;

/// The module of the Python package that this program calls (scenarios/python/tardigrad/_engine.py). Throws
/// std::runtime_error with one line if there is no such package.
pybind11::module_& engine();

/// One line about a failure in `file`.
std::string failure_text(pybind11::error_already_set& failure, const std::string& file);

}  // namespace tardigrad
