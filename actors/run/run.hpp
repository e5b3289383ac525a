/// One algorithm on one scenario and seed, as actors: spawns them, runs them to the end, and takes
/// them down again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/learning/node.hpp"
#include "actors/messages.hpp"
#include "actors/protocols/algorithm.hpp"
#include "actors/record/recorder.hpp"
#include "actors/record/run_mishaps.hpp"
#include "netem/base/state_archive.hpp"
#include "netem/emulated_network.hpp"
#include "netem/time/node_absence.hpp"

namespace tardigrad {

class TimeSource;

/// Everything that the actors of a run need to know. All vectors have one entry a node.
struct RunPlan {
  NodeId nodes = 0;
  std::uint64_t seed = 0;
  Time duration{};
  std::vector<Pace> paces;
  EmulatedNetwork network;
  std::vector<NodeAbsence> absences;  ///< a node that is away neither computes nor sends nor receives
  /// How long a protocol waits for a message before it is told that it has waited long enough.
  std::optional<Time> wait_timeout;
  FragmentId fragments = 1;
  ProtocolFactory protocols;
  /// What messages count as rounds, in one round of a node: more than one where it takes several exchanges.
  std::uint64_t exchanges_per_round = 1;
  std::vector<Time> evaluations;  ///< ascending, none later than `duration`
  /// In virtual time, ascending: between evaluations, at which models can be tested once it is known that something has
  /// happened there (`RecordSink::looks_between`). None: nothing is kept for that.
  std::vector<Time> moments_between;
  bool timeline = false;  ///< what becomes of every message is recorded
};

/// How far a run is, for whoever watches it.
struct RunPosition {
  Time now{};
  std::uint64_t events = 0;
  std::uint64_t rounds = 0;  ///< local rounds trained, over all nodes
};

struct RunOutcome {
  bool finished = false;  ///< false: `keep_going` said no, or it stands still
  RunPosition position;
  std::vector<SlowNode> slow_nodes{};  ///< ascending
  /// Nobody can go on any more, although there is time left: the run has ended early.
  bool stands_still = false;
  std::vector<WaitRow> waits{};  ///< who was waiting for whom when the run ended, ascending by node
  std::vector<LostHost> lost_hosts{};
  /// What hosts have sent that was no part of the run, and was left out.
  std::uint64_t refused = 0;
};

/// How a run in virtual time is saved, for another process to go on with it as if nothing had happened.
struct Checkpointing {
  Time every = kNever;  ///< of emulated time, more than zero; besides, when `keep_going` says no
  /// Gets what saves the run's state as it is. Rows that the sink has got by then are not part of it. None: the run is
  /// never saved.
  std::function<void(const std::function<void(StateArchive&)>& save)> store{};
  /// A state that a run of the same plan and learner was saved in: it goes on from there. Null: it begins.
  StateArchive* saved = nullptr;
};

/// Runs under the virtual clock. `keep_going` is asked before every event; `sink` has got all rows,
/// up to where the run stopped, when this returns or throws (what a computation threw; std::runtime_error where the
/// saved state does not fit the plan).
RunOutcome run_in_virtual_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                               const std::function<bool(const RunPosition&)>& keep_going,
                               const Checkpointing& checkpointing = {});

/// The same under the real clock: as long as `plan.duration`, and then as long as the last evaluation
/// takes. `keep_going` is asked about every 50 ms, on the thread that calls; `sink` is used by one
/// thread at a time, but not by that one. An evaluation that is due while the last one is still
/// being computed is late, and left out if the next one is due as well.
RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going);
/// By another time than the machine's.
RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going, TimeSource& time);

}  // namespace tardigrad
