/// Runs an object of a `tardigrad.Protocol` as a protocol.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <string>

#include "actors/protocols/protocol.hpp"
#include "scenarios/src/python/python_class.hpp"
#include "scenarios/src/python/python_run.hpp"

namespace tardigrad {

/// An exception in Python becomes a std::runtime_error with one line that names file, line, class, method and node.
/// May be used from any thread, by one at a time.
class PythonProtocol final : public FragmentProtocol {
 public:
  PythonProtocol(std::shared_ptr<const PythonClass> own, const AlgorithmOptions& options, PythonRun run);
  ~PythonProtocol() override;
  PythonProtocol(const PythonProtocol&) = delete;
  PythonProtocol& operator=(const PythonProtocol&) = delete;

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  /// The object's state, pickled, behind the checksum of the file: a state that another file has left is not
  /// unpickled.
  void persist(StateArchive& archive) override;

 private:
  /// Calls the object's method with the arguments that `arguments` makes, and then the actions.
  template <class Arguments>
  void call(const char* method, Actions& actions, const Arguments& arguments);
  /// Does what may fail in Python.
  template <class Work>
  void carefully(const char* method, const Work& work);
  void load(const std::vector<char>& state);

  std::shared_ptr<const PythonClass> class_;
  std::shared_ptr<PythonActions> actions_;
  pybind11::object object_;
  pybind11::object python_actions_;  ///< `actions_` as Python has it
};

}  // namespace tardigrad
