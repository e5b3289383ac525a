/// One part of a run that is spread over several processes: the same actors, some of them here, the others far.
///
/// Result files of a run in virtual time are the same, byte for byte, as those of the run in one process: parts run
/// through windows of virtual time that are no longer than the least latency between nodes of different parts
/// (runtime/hosts/window_barrier.hpp), and what crosses between them is events that carry their key.
#pragma once

#include <functional>

#include "actors/hosts/part_channel.hpp"
#include "actors/placement.hpp"
#include "actors/run/run.hpp"

namespace tardigrad {

/// The least latency of a message that crosses parts, and no more than the time in which nodes are told of an
/// evaluation: how long the windows of virtual time may be. Zero if there is none, then a run in virtual time cannot be
/// spread.
Time lookahead_of(const RunPlan& plan, const Placement& placement);

/// What a part works with.
struct PartTools {
  const RunPlan& plan;
  Learner& learner;
  ComputePool& pool;
  PartChannel& channel;
  Placement placement;  ///< `lookahead` is filled in
  /// In real time: told of each host that is lost, on any thread. Without it a loss ends the run.
  std::function<void(const LostHost&)> on_loss{};
  /// Told once of each part that has sent what is no part of the run, in one line, on any thread.
  std::function<void(const std::string&)> on_refusal{};
};

/// The coordinator's part: the recorder, and under fair sharing all that transmits. Throws PartLost when a host is
/// gone, unless the run goes on without it (`on_loss`), or all are; `sink` has then got what had come by that time.
RunOutcome coordinate_in_virtual_time(const PartTools& tools, RecordSink& sink,
                                      const std::function<bool(const RunPosition&)>& keep_going);
RunOutcome coordinate_in_real_time(const PartTools& tools, RecordSink& sink,
                                   const std::function<bool(const RunPosition&)>& keep_going);

/// How a run has ended for a host.
struct HostOutcome {
  bool finished = false;  ///< at the end of its duration
  // What the windows of virtual time have cost.
  std::uint64_t windows = 0;
  double waiting_s = 0;  ///< of real time, at their ends, for the slowest part
};

/// A host's part. Returns when the coordinator has said that the run is over. Throws PartLost when it is gone, also in
/// the middle of a long window, when the local rounds that are being computed are done.
HostOutcome host_in_virtual_time(const PartTools& tools);
HostOutcome host_in_real_time(const PartTools& tools);

}  // namespace tardigrad
