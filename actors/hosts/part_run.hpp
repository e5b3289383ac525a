/// One part of a run over several processes: the same actors, some of them here, the others far.
///
/// Result files of a run in virtual time are the same, byte for byte, as those of the run in one process: parts
/// run through windows of virtual time that are no longer than the least latency between nodes of different
/// parts (runtime/hosts/window_barrier.hpp), and events that cross between them carry their key.
#pragma once

#include <functional>

#include "actors/hosts/part_channel.hpp"
#include "actors/placement.hpp"
#include "actors/run/run.hpp"

namespace tardigrad {

/// The greatest length of the windows of virtual time: the least latency of a message that crosses parts, and
/// no more than the time in which nodes are told of an evaluation. Zero if there is no such latency; then a run
/// in virtual time cannot be spread.
Time lookahead_of(const RunPlan& plan, const Placement& placement);

/// The objects that a part works with.
struct PartTools {
  const RunPlan& plan;
  Learner& learner;
  ComputePool& pool;
  PartChannel& channel;
  Placement placement;  ///< `lookahead` is filled in
  /// Real time only: called for each host that is lost, on any thread. Without it a loss ends the run.
  std::function<void(const LostHost&)> on_loss{};
  /// Called once for each part that has sent an invalid message, with one line, on any thread.
  std::function<void(const std::string&)> on_refusal{};
};

/// The coordinator's part: the recorder, and under fair sharing all actors that transmit. Throws PartLost when
/// a host is gone, unless the run goes on without it (`on_loss`), or when all are; by then `sink` has
/// everything that had arrived.
RunOutcome coordinate_in_virtual_time(const PartTools& tools, RecordSink& sink,
                                      const std::function<bool(const RunPosition&)>& keep_going);
RunOutcome coordinate_in_real_time(const PartTools& tools, RecordSink& sink,
                                   const std::function<bool(const RunPosition&)>& keep_going);

/// The end of a run from a host's point of view.
struct HostOutcome {
  bool finished = false;  ///< true if the run reached the end of its duration
  // The cost of the windows of virtual time.
  std::uint64_t windows = 0;
  double waiting_s = 0;  ///< real time spent at their ends, by the slowest part
};

/// A host's part. Returns when the coordinator has ended the run. Throws PartLost when the coordinator is gone,
/// also in the middle of a long window, after the local rounds that are being computed.
HostOutcome host_in_virtual_time(const PartTools& tools);
HostOutcome host_in_real_time(const PartTools& tools);

}  // namespace tardigrad
