/// One algorithm on one scenario and seed, as actors: spawns them, runs them to the end, and takes
/// them down again.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "actors/node.hpp"
#include "actors/protocols/algorithm.hpp"
#include "actors/recorder.hpp"
#include "netem/node_selection.hpp"

namespace tardigrad {

/// Everything that the actors of a run need to know. All vectors have one entry a node.
struct RunPlan {
  NodeId nodes = 0;
  std::uint64_t seed = 0;
  Time duration{};
  std::vector<Pace> paces;
  std::vector<AccessRates> access;
  Time latency{};
  FragmentId fragments = 1;
  ProtocolFactory protocols;
  std::vector<Time> evaluations;  ///< ascending, none later than `duration`
};

/// How far a run is, for whoever watches it.
struct RunPosition {
  Time now{};
  std::uint64_t events = 0;
  std::uint64_t rounds = 0;  ///< local rounds trained, over all nodes
};

struct RunOutcome {
  bool finished = false;  ///< false: `keep_going` said no
  RunPosition position;
};

/// Runs under the virtual clock. `keep_going` is asked before every event; `sink` has got all rows,
/// up to where the run stopped, when this returns or throws (what a computation threw).
RunOutcome run_in_virtual_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                               const std::function<bool(const RunPosition&)>& keep_going);

}  // namespace tardigrad
