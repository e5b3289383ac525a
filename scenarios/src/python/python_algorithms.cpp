#include "scenarios/src/python/python_algorithms.hpp"

#include <fmt/format.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "models/printable.hpp"
#include "scenarios/src/python/interpreter.hpp"
#include "scenarios/src/python/python_class.hpp"
#include "scenarios/src/python/python_protocol.hpp"
#include "scenarios/src/python/python_run.hpp"

namespace py = pybind11;

namespace tardigrad {

namespace {

using SharedClass = std::shared_ptr<const PythonClass>;

/// Characters of an objection.
constexpr std::size_t kLongestText = 500;

/// Calls `work` with Python and returns what it does; an exception of Python becomes one line.
template <class Work>
auto with_python(const PythonClass& own, const Work& work) -> decltype(work()) {
  const PythonLock lock;
  try {
    return work();
  } catch (py::error_already_set& failure) {
    throw std::runtime_error(fmt::format("{} (in {})", failure_text(failure, own.file), own.name()));
  }
}

OptionSpec option_of(const std::string& name, const py::object& option) {
  const py::object usual = option.attr("usual");
  OptionSpec spec;
  spec.name = name;
  spec.limits.lowest = -9e15;  // whole numbers up to there are exact
  spec.limits.highest = 9e15;
  spec.limits.choices = option.attr("choices").cast<std::vector<std::string>>();
  if (py::isinstance<py::bool_>(usual)) {
    spec.usual = usual.cast<bool>();
  } else if (py::isinstance<py::int_>(usual)) {
    spec.usual = usual.cast<std::int64_t>();
  } else if (py::isinstance<py::float_>(usual)) {
    spec.usual = usual.cast<double>();
  } else if (py::isinstance<py::str>(usual)) {
    spec.usual = usual.cast<std::string>();
  } else {
    spec.usual = usual.cast<std::vector<double>>();
  }
  if (name == "fragments") spec.limits.lowest = 1, spec.limits.highest = 1e6;
  return spec;
}

std::vector<OptionSpec> options_of(const PythonClass& own) {
  std::vector<OptionSpec> specs;
  for (const auto& [name, option] : py::dict(engine().attr("options_of")(own.type))) {
    specs.push_back(option_of(name.cast<std::string>(), py::reinterpret_borrow<py::object>(option)));
  }
  return specs;
}

/// Asks an object of the class with these options, before a run.
template <class Value, class Question>
Value ask(const PythonClass& own, const AlgorithmOptions& options, const Question& question) {
  return with_python(own, [&] { return question(make_object(own, options, py::none())).template cast<Value>(); });
}

/// What the class says of itself, which may be an option.
template <class Value>
std::function<Value(const AlgorithmOptions&)> said(const SharedClass& own, const char* name) {
  return [own, name](const AlgorithmOptions& options) {
    return ask<Value>(*own, options, [&](const py::object& object) -> py::object { return object.attr(name); });
  };
}

std::string objection_of(const PythonClass& own, const AlgorithmOptions& options, const Graph& graph) {
  const auto objection = ask<std::optional<std::string>>(own, options, [&](const py::object& object) -> py::object {
    return object.attr("objection")(PythonGraph{std::make_shared<const Graph>(graph)});
  });
  return objection ? printable(objection->substr(0, objection->find('\n')), kLongestText) : "";
}

double messages_of(const PythonClass& own, const AlgorithmOptions& options, const Sender& sender) {
  return ask<double>(own, options, [&](const py::object& object) -> py::object {
    return object.attr("messages_per_round")(sender.graph.degree(sender.node));
  });
}

/// The functions of the descriptor.
void add_functions(const SharedClass& own, Algorithm& algorithm) {
  algorithm.fragments = said<FragmentId>(own, "fragments");
  algorithm.needs_every_message = said<bool>(own, "needs_every_message");
  algorithm.follows_changing_graphs = said<bool>(own, "follows_changing_graphs");
  algorithm.compression = [of_name = said<std::string>(own, "compression")](const AlgorithmOptions& options) {
    const std::string name = of_name(options);
    return name == "any" ? Compression::any : name == "dense" ? Compression::dense : Compression::none;
  };
  algorithm.objection = [own](const AlgorithmOptions& options, const Graph& graph) {
    return objection_of(*own, options, graph);
  };
  algorithm.sends = [own](const AlgorithmOptions& options, const Sender& sender) {
    return whole_fragments(messages_of(*own, options, sender), sender);
  };
  algorithm.protocols = [own, waits = algorithm.waits](const AlgorithmOptions& options,
                                                       const ProtocolContext& run) -> ProtocolFactory {
    return [own, waits, options, graphs = run.graphs, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<PythonProtocol>(own, options, PythonRun{info, graphs, seed, waits});
    };
  };
}

/// A topology that is named without options. Throws std::runtime_error for any other.
TopologySpec topology_of(const PythonClass& own, const std::string& kind) {
  TopologySpec spec;
  spec.kind = kind;
  const TopologyKind* const found = find_kind(topology_kinds(), spec);
  const auto is_required = [](const auto& option) { return !option.example.empty(); };
  if (found && std::none_of(found->options.begin(), found->options.end(), is_required)) return spec;
  throw std::runtime_error(
      fmt::format("{}.topology: expected a kind of graph that needs no options, got \"{}\"", own.name(), kind));
}

/// Needs `PythonLock`.
Algorithm algorithm_of(const std::string& kind, const SharedClass& own) {
  const py::dict says = engine().attr("described")(own->type);
  Algorithm algorithm;
  algorithm.name = kind;
  algorithm.summary = says["summary"].cast<std::string>();
  algorithm.options = options_of(*own);
  algorithm.waits = says["waits"].cast<bool>();
  algorithm.needs_plain_steps = says["needs_plain_steps"].cast<bool>();
  algorithm.follows_directed_graphs = says["follows_directed_graphs"].cast<bool>();
  algorithm.usual_topology = topology_of(*own, says["topology"].cast<std::string>());
  add_functions(own, algorithm);
  return algorithm;
}

/// The algorithm stays for good, as Python does.
FileAlgorithm open_file(const std::string& kind) {
  const std::string file = file_of(kind);
  const PythonLock lock;
  try {
    const py::tuple loaded = engine().attr("load")(file, plain_name_of(kind));
    const auto checksum = loaded[1].cast<std::string>();
    const py::module_ records = py::module_::import("tardigrad.protocol");
    const auto own =
        std::make_shared<PythonClass>(PythonClass{loaded[0], records.attr("Message"), records.attr("LocalRound"), file,
                                                  std::vector<char>(checksum.begin(), checksum.end())});
    return {new Algorithm(algorithm_of(kind, own)), {}};
  } catch (py::error_already_set& failure) {
    return {nullptr, failure_text(failure, file)};
  }
}

}  // namespace

py::object make_object(const PythonClass& own, const AlgorithmOptions& options, const py::object& run) {
  py::dict values;
  for (const auto& [name, value] : options.all()) {
    values[name.c_str()] = std::visit(
        [](const auto& plain) -> py::object {
          if constexpr (std::is_same_v<std::decay_t<decltype(plain)>, CodecSpec>) {
            return py::none();  // no class in Python has such an option
          } else {
            return py::cast(plain);
          }
        },
        value);
  }
  return engine().attr("made")(own.type, values, run);
}

FileAlgorithm python_algorithm(const std::string& kind) {
  // Read and resolved several times in one process, a scenario still means the same.
  static std::map<std::string, FileAlgorithm> known;
  try {
    start_python();
    const auto found = known.find(kind);
    if (found != known.end()) return found->second;
    const FileAlgorithm opened = open_file(kind);
    if (opened.algorithm) known.emplace(kind, opened);
    return opened;
  } catch (const std::runtime_error& problem) {
    return {nullptr, problem.what()};
  }
}

}  // namespace tardigrad
