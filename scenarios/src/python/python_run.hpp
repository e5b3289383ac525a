/// What a protocol in Python knows of its run, and the actions of the call that it answers: the objects behind
/// `Protocol` and `Actions` of scenarios/python/tardigrad/protocol.py.
#pragma once

#include <cstdint>
#include <memory>

#include "actors/protocols/algorithm.hpp"
#include "netem/graph/graph_schedule.hpp"

namespace tardigrad {

struct PythonRun {
  FragmentInfo info;
  std::shared_ptr<const GraphSchedule> graphs;
  std::uint64_t seed = 0;
  bool waits = false;  ///< whether the algorithm may wait for messages
};

/// pybind11 holds no pointers to const.
struct PythonGraph {
  std::shared_ptr<const Graph> graph;
};

/// The actions of the present call.
struct PythonActions {
  std::shared_ptr<const PythonRun> run;
  std::size_t size = 0;        ///< of all values: 0 where nothing is learned
  Actions* actions = nullptr;  ///< null between calls
};

}  // namespace tardigrad
