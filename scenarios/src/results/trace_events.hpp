/// Runs as a timeline in Chrome's trace event format, for ui.perfetto.dev or chrome://tracing.
///
/// Every run is a process, every node three threads of it: its computations, its uplink, its downlink. No two
/// threads of a file have the same number: some readers use that alone. Times are microseconds of the run's
/// time, rounded to whole nanoseconds, begin and end each for itself, so that slices of a thread never overlap:
/// a duration is their difference, or one nanosecond less if the difference would overlap as a sum of doubles
/// or truncated.
///
///   node      X  train (round, loss), wait; C  mean staleness of the models mixed in a round
///   uplink    X  to <node>: the transmission of a message; i  dropped, lost
///   downlink  X  from <node>: the reception of a message; i  dropped
///
/// A slice that is dropped in the middle ends there and has `cut` among its args. A slice that the end of the
/// run interrupts begins (B) and does not end. Where a node may transmit several messages at once, through a
/// shared uplink or links of pairs, these are asynchronous slices (b, e) of one name. A flow leads from the
/// transmissions of a message by an uplink to its reception.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/record/record_sink.hpp"

namespace tardigrad {

/// The properties of a run that a timeline needs.
struct TimelineRun {
  std::string name;
  NodeId nodes = 0;
  FragmentId fragments = 1;
  bool shares_uplinks = false;  ///< there are no flows then
};

/// The events of runs, one after the other. Everything is appended to `out`, elements of a JSON array.
class TraceEvents {
 public:
  void begin(const TimelineRun& run, std::string& out);
  void add(const RoundRecord& record, std::string& out);

 private:
  enum class Track : std::uint8_t { node, uplink, downlink };

  void add_computing(const RoundRow& round, std::string& out);
  void add_staleness(const RoundRow& round, std::string& out);
  void add_hop(NodeId node, const Hop& hop, std::string& out);
  void add_slice(NodeId node, const Hop& hop, std::string& out);
  void add_concurrent(NodeId node, const Hop& hop, std::string& out);
  /// The event's first members, up to the time.
  void open(char phase, Track track, NodeId node, Time at, std::string& out);
  void name_track(Track track, NodeId node, std::string& out);
  /// The same at sender and receiver, and unique for every message of the file.
  std::uint64_t id_of(NodeId node, const Hop& hop);

  TimelineRun run_;
  std::uint32_t number_ = 0;  ///< of the run, from 1
  std::uint64_t first_thread_ = 1;
  std::vector<bool> named_;  ///< by track and node
  std::uint64_t first_id_ = 0;
  std::uint64_t next_id_ = 0;
};

}  // namespace tardigrad
