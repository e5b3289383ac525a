#include "scenarios/src/python/interpreter.hpp"

#include <Python.h>
#include <fmt/format.h>
#include <pybind11/numpy.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "scenarios/src/system/child_process.hpp"

namespace py = pybind11;

namespace tardigrad {

namespace {

/// The Python whose packages are used, behind its version: "3.11:/home/me/env/bin/python3". The Python package sets it
/// to the Python that it runs in; one of another version has packages that this program cannot load.
constexpr const char* kPythonVariable = "TARDIGRAD_PYTHON";

std::string chosen_python() {
  const std::string own_version = fmt::format("{}.{}:", PY_MAJOR_VERSION, PY_MINOR_VERSION);
  const char* const variable = std::getenv(kPythonVariable);
  const std::string chosen = variable ? variable : "";
  return chosen.rfind(own_version, 0) == 0 ? chosen.substr(own_version.size()) : TARDIGRAD_PYTHON_PROGRAM;
}

void check(const PyStatus& status) {
  if (PyStatus_Exception(status)) {
    throw std::runtime_error(fmt::format("Python does not start: {}", status.err_msg ? status.err_msg : "no reason"));
  }
}

/// Hashes have a fixed seed, so that sets of texts have the same order in every process.
void initialize() {
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.install_signal_handlers = 0;
  config.parse_argv = 0;
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.write_bytecode = 0;
  const PyStatus named = PyConfig_SetBytesString(&config, &config.program_name, chosen_python().c_str());
  const PyStatus started = PyStatus_Exception(named) ? named : Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  check(started);
}

/// The package is beside the program in a build, and in the same prefix when it is installed; a package that the
/// interpreter finds itself comes first.
void add_package_folders() {
  const std::filesystem::path folder = own_program().parent_path();
  const std::vector<std::filesystem::path> places = {folder / "python", folder.parent_path() / TARDIGRAD_PACKAGE_DIR};
  py::list path = py::module_::import("sys").attr("path");
  for (const auto& place : places) path.append(place.string());
}

/// The engine's module. It is not destroyed: Python may be gone by then.
py::module_* import_engine() {
  try {
    add_package_folders();
    py::module_::import("_tardigrad");  // makes the types of bindings.cpp known
    // Loads NumPy. Done by two threads at once, each would wait for what the other holds: the lock, and pybind11's
    // table of NumPy's functions.
    py::dtype::of<float>();
    return new py::module_(py::module_::import("tardigrad._engine"));
  } catch (const py::error_already_set& problem) {
    const std::string what = problem.what();
    throw std::runtime_error(fmt::format("{}: NumPy and the package tardigrad cannot be loaded: {}", chosen_python(),
                                         what.substr(0, what.find('\n'))));
  }
}

}  // namespace

void start_python() {
  if (Py_IsInitialized()) return;
  initialize();
  PyEval_SaveThread();  // no thread may use Python now without a PythonLock
}

py::module_& engine() {
  static py::module_* const loaded = import_engine();
  return *loaded;
}

std::string failure_text(py::error_already_set& failure, const std::string& file) {
  if (failure.trace()) PyException_SetTraceback(failure.value().ptr(), failure.trace().ptr());
  return engine().attr("failure")(failure.value(), file).cast<std::string>();
}

}  // namespace tardigrad
