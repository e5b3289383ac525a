// The types of this program that Python sees: the module `_tardigrad`, which exists only in this program.
#include <fmt/format.h>
#include <pybind11/embed.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/graph/mixing_weights.hpp"
#include "scenarios/src/python/python_run.hpp"
#include "scenarios/src/python/value_arrays.hpp"

namespace py = pybind11;

namespace tardigrad {

namespace {

using SharedGraph = std::shared_ptr<const Graph>;

NodeId checked(const PythonGraph& own, NodeId node) {
  if (node < own.graph->size()) return node;
  throw py::index_error(fmt::format("there is no node {}: nodes are 0 to {}", node, own.graph->size() - 1));
}

SharedGraph graph_of(const PythonRun& run, std::uint64_t round) {
  if (round > kLastRound) throw py::value_error(fmt::format("there is no round {}", round));
  return run.graphs->at(static_cast<Round>(round));
}

Purpose purpose_of(const std::string& name) {
  static const std::map<std::string, Purpose> known = {{"recipients", Purpose::recipients},
                                                       {"send_order", Purpose::send_order},
                                                       {"partner", Purpose::partner},
                                                       {"compression", Purpose::compression},
                                                       {"shared_fraction", Purpose::shared_fraction}};
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  throw py::value_error(
      fmt::format("purpose: expected \"recipients\", \"send_order\", \"partner\", \"compression\" or "
                  "\"shared_fraction\", got \"{}\"",
                  name));
}

RandomStream random_of(const PythonRun& run, const std::string& purpose, std::uint64_t round,
                       std::optional<std::uint64_t> entity) {
  return RandomStream(run.seed, purpose_of(purpose), entity.value_or(run.info.stream_id()), round);
}

std::uint64_t below(RandomStream& draws, std::uint64_t bound) {
  if (bound == 0) throw py::value_error("bound: expected at least 1");
  return draws.below(bound);
}

std::vector<std::uint32_t> sample(RandomStream& draws, std::uint32_t count, std::uint32_t bound) {
  if (count <= bound) return draws.sample(count, bound);
  throw py::value_error(fmt::format("there are no {} distinct numbers below {}", count, bound));
}

py::list choice(RandomStream& draws, const py::sequence& items, std::uint32_t count) {
  py::list chosen;
  for (const std::uint32_t k : sample(draws, count, static_cast<std::uint32_t>(items.size()))) chosen.append(items[k]);
  return chosen;
}

py::array_t<float> normals(RandomStream& draws, std::size_t count) {
  py::array_t<float> drawn(static_cast<py::ssize_t>(count));
  for (std::size_t k = 0; k < count; ++k) drawn.mutable_data()[k] = static_cast<float>(draws.normal());
  return drawn;
}

Actions& present(PythonActions& own) {
  if (own.actions == nullptr) throw std::runtime_error("actions are of use only in the call that was given them");
  return *own.actions;
}

SharedBytes bytes_of(const std::optional<py::bytes>& encoded) {
  if (!encoded) return nullptr;
  const auto text = static_cast<std::string_view>(*encoded);
  return share(EncodedBytes(text.begin(), text.end()));
}

void send(PythonActions& own, NodeId to, const py::object& values, Round round, std::uint8_t kind, std::uint64_t order,
          const std::optional<py::bytes>& encoded, std::optional<Bytes> payload) {
  Actions::Send message;
  message.to = to;
  message.kind = kind;
  message.round = round;
  message.order = order;
  const NodeId self = own.run->info.node;
  if (!graph_of(*own.run, round)->has_edge(self, to)) {
    throw py::value_error(fmt::format("node {} is no neighbour of node {} in round {}", to, self, round));
  }
  if (!values.is_none()) message.values = values_of(values, own.size, "values");
  message.encoded = bytes_of(encoded);
  message.payload = payload;
  if (!payload && !message.values) message.payload = message.encoded ? message.encoded->size() : 0;
  present(own).send(std::move(message));
}

void start_round(PythonActions& own, const py::object& values, const py::object& offset, float factor,
                 std::optional<std::uint32_t> steps) {
  if (!std::isfinite(factor)) throw py::value_error("factor: expected a finite number");
  LocalWork work;
  work.steps = steps;
  work.factor = factor;
  if (!offset.is_none()) work.offset = values_of(offset, own.size, "offset");
  present(own).start_round(values_of(values, own.size, "values"), std::move(work));
}

void await_nodes(PythonActions& own, std::vector<NodeId> nodes, std::optional<double> at_most) {
  if (!own.run->waits) throw py::value_error("await_: the class must say waits = True");
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  const NodeId count = own.run->graphs->at(0)->size();
  if (!nodes.empty() && nodes.back() >= count) throw py::value_error(fmt::format("there is no node {}", nodes.back()));
  if (!at_most) return present(own).await(std::move(nodes));
  constexpr double longest_s = 1e6;  // far from what a Time can hold
  if (!(*at_most > 0 && *at_most <= longest_s)) {
    throw py::value_error(fmt::format("at_most: expected more than 0 s and at most {} s", longest_s));
  }
  present(own).await(std::move(nodes), from_seconds(*at_most));
}

}  // namespace

PYBIND11_EMBEDDED_MODULE(_tardigrad, module) {
  py::class_<PythonGraph>(module, "Graph")
      .def_property_readonly("size", [](const PythonGraph& own) { return own.graph->size(); })
      .def_property_readonly("is_directed", [](const PythonGraph& own) { return own.graph->is_directed(); })
      .def("degree", [](const PythonGraph& own, NodeId node) { return own.graph->degree(checked(own, node)); })
      .def("neighbours", [](const PythonGraph& own, NodeId node) { return own.graph->neighbours(checked(own, node)); })
      .def("sources", [](const PythonGraph& own, NodeId node) { return own.graph->sources(checked(own, node)); })
      .def("has_edge", [](const PythonGraph& own, NodeId a, NodeId b) { return own.graph->has_edge(a, b); })
      .def("weight", [](const PythonGraph& own, NodeId a, NodeId b) {
        return mixing_weight(*own.graph, checked(own, a), checked(own, b));
      });
  py::class_<RandomStream>(module, "Random")
      .def("below", below, py::arg("bound"))
      .def("uniform", &RandomStream::uniform)
      .def("normal", &RandomStream::normal)
      .def("exponential", &RandomStream::exponential)
      .def("bits", [](RandomStream& draws) { return draws(); })
      .def("sample", sample, py::arg("count"), py::arg("bound"))
      .def("choice", choice, py::arg("items"), py::arg("count"))
      .def("normals", normals, py::arg("count"));
  py::class_<PythonRun, std::shared_ptr<PythonRun>>(module, "Run")
      .def_property_readonly("node", [](const PythonRun& own) { return own.info.node; })
      .def_property_readonly("fragment", [](const PythonRun& own) { return own.info.fragment; })
      .def_property_readonly("parameters", [](const PythonRun& own) { return own.info.parameters; })
      .def_readonly("seed", &PythonRun::seed)
      .def("graph", [](const PythonRun& own, std::uint64_t round) { return PythonGraph{graph_of(own, round)}; })
      .def("random", random_of, py::arg("purpose"), py::arg("round"), py::arg("entity"));
  py::class_<PythonActions, std::shared_ptr<PythonActions>>(module, "Actions")
      .def_property_readonly("now", [](PythonActions& own) { return to_seconds(present(own).now()); })
      .def("flush", [](PythonActions& own) { present(own).flush(); })
      .def("send", send, py::arg("to"), py::arg("values"), py::arg("round"), py::kw_only(), py::arg("kind") = 0,
           py::arg("order") = 0, py::arg("encoded") = py::none(), py::arg("payload") = py::none())
      .def(
          "update",
          [](PythonActions& own, const py::object& values) {
            present(own).update(values_of(values, own.size, "values"));
          },
          py::arg("values"))
      .def("start_round", start_round, py::arg("values"), py::kw_only(), py::arg("offset") = py::none(),
           py::arg("factor") = 1.0F, py::arg("steps") = py::none())
      .def("await_", await_nodes, py::arg("nodes"), py::kw_only(), py::arg("at_most") = py::none())
      .def(
          "mixed", [](PythonActions& own, Round round, Round other) { present(own).mixed(round, other); },
          py::arg("own"), py::arg("other"))
      .def(
          "missed", [](PythonActions& own, std::uint64_t nodes) { present(own).missed(nodes); }, py::arg("nodes"));
}

}  // namespace tardigrad
