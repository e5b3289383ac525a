/// Runs one algorithm on one scenario and seed: spawns the actors, runs them to the end, and takes them down
/// again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/learning/pace.hpp"
#include "actors/protocols/algorithm.hpp"
#include "actors/record/record_sink.hpp"
#include "actors/record/run_mishaps.hpp"
#include "netem/base/state_archive.hpp"
#include "netem/emulated_network.hpp"
#include "netem/time/node_absence.hpp"

namespace tardigrad {

class ComputePool;
class Learner;
class TimeSource;

/// Everything that the actors of a run need to know. All vectors have one entry a node.
struct RunPlan {
  NodeId nodes = 0;    ///< servers included
  NodeId servers = 0;  ///< the last so many nodes: they train nothing and own no data
  std::uint64_t seed = 0;
  Time duration{};
  std::vector<Pace> paces;
  EmulatedNetwork network;
  std::vector<NodeAbsence> absences;  ///< a node that is away neither computes nor sends nor receives
  /// The longest time for which a protocol waits for a message.
  std::optional<Time> wait_timeout;
  FragmentId fragments = 1;
  ProtocolFactory protocols;
  /// The number of exchanges in one round of a node; messages count exchanges as rounds.
  std::uint64_t exchanges_per_round = 1;
  /// True if rounds may have fewer local steps than their node's pace says: one at least.
  bool shorter_rounds = false;
  RoundLimits round_limits;
  std::vector<Time> evaluations;  ///< ascending, none later than `duration`
  /// Virtual time only, ascending: the moments between evaluations at which models can be tested later
  /// (`RecordSink::looks_between`). Empty: no models are kept.
  std::vector<Time> moments_between;
  /// Virtual time only, ascending, none later than `duration`: the run ends at the first of them at which all its
  /// events are over and the sink has enough (`RecordSink::has_enough`).
  std::vector<Time> possible_ends;
  bool timeline = false;  ///< true if the fate of every message is recorded

  /// The nodes that train.
  NodeId workers() const { return nodes - servers; }
  /// The first possible end that is not before this time, or else the end of the duration.
  Time end_from(Time time) const;
};

/// The progress of a run, for display.
struct RunPosition {
  Time now{};
  std::uint64_t events = 0;
  std::uint64_t rounds = 0;  ///< local rounds trained, over all nodes
  std::uint64_t steps = 0;   ///< local steps in these rounds
};

struct RunOutcome {
  /// The whole duration, or up to a possible end. False: `keep_going` returned false, or the run stands still.
  bool finished = false;
  RunPosition position;
  std::vector<SlowNode> slow_nodes{};  ///< ascending
  /// No node can go on, although there is time left: the run has ended early.
  bool stands_still = false;
  std::vector<WaitRow> waits{};  ///< fragments that waited when the run ended, and for whom, ascending by node
  std::vector<LostHost> lost_hosts{};
  /// The number of invalid messages from hosts, which were ignored.
  std::uint64_t refused = 0;
};

/// Saves a run in virtual time, so that another process can continue it as if nothing had happened.
struct Checkpointing {
  Time every = kNever;  ///< interval of emulated time, more than zero; the run is also saved when `keep_going` returns
                        ///< false
  /// Called with a function that saves the run's present state. Rows that the sink has got by then are not part
  /// of it. None: the run is never saved.
  std::function<void(const std::function<void(StateArchive&)>& save)> store{};
  /// The saved state of a run of the same plan and learner, which is continued. Null: the run begins.
  StateArchive* saved = nullptr;
};

/// Runs under the virtual clock. `keep_going` is called before every event; `sink` has got all rows, up to
/// where the run stopped, when this returns or throws (an exception of a computation; std::runtime_error if the
/// saved state does not fit the plan).
RunOutcome run_in_virtual_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                               const std::function<bool(const RunPosition&)>& keep_going,
                               const Checkpointing& checkpointing = {});

/// Runs under the real clock: as long as `plan.duration`, and then as long as the last evaluation takes.
/// `keep_going` is called about every 50 ms, on the calling thread; `sink` is used by one thread at a time, but
/// not by that one. An evaluation that is due while the last one is still being computed is late, and left out
/// if the next one is due as well.
RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going);
/// Uses another time than the machine's.
RunOutcome run_in_real_time(const RunPlan& plan, Learner& learner, ComputePool& pool, RecordSink& sink,
                            const std::function<bool(const RunPosition&)>& keep_going, TimeSource& time);

}  // namespace tardigrad
