/// Reads measured rates, latencies and paces over time from a file.
///
/// Comma-separated, '#' starts a comment, the first line names the columns, in any order:
///
///   time_s      seconds since the start of the run or UNIX time, ascending for each node or pair
///   rate_mbps   of a link: million bit/s from then on; 0 is an outage
///   latency_ms  of a link, optional: one-way, from then on
///   pace        of a computation, instead of the two: 1 is usual, 0.25 four times slower, 0 a pause
///   node        optional: the row is for this node; without it for everyone
///   from,to     optional, instead of node: the row is for this ordered pair
///
/// The first row counts from the start of the run, even if its time is later. UNIX times (the file's first time
/// is above 1,000,000) are counted from the earliest in the file. At the end the last row holds, or the trace
/// begins anew: its last row then lasts as long as the one before it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "netem/base/units.hpp"
#include "netem/time/piecewise_constant.hpp"

namespace tardigrad {

enum class TraceKind { link, compute };
enum class TraceEnd { hold, loop };
enum class TraceScope { everyone, node, pair };

struct Trace {
  PiecewiseConstant value;                   ///< link: bit/s; compute: pace
  std::optional<PiecewiseConstant> latency;  ///< link, if the file has the column: seconds
};

struct TraceResult {
  TraceScope scope = TraceScope::everyone;
  std::map<std::pair<NodeId, NodeId>, Trace> traces;  ///< everyone: {0, 0}; node: {node, 0}; pair: {from, to}
  bool unix_times = false;                            ///< true if times were counted from the earliest
  std::string error;                                  ///< one line; empty on success

  /// The trace of a node's link or computation (scope everyone or node); none if the file has no row for it.
  const Trace* of_node(NodeId node) const;
  /// The trace of the link from one node to another (scope everyone or pair).
  const Trace* of_pair(NodeId from, NodeId to) const;
};

/// Mistakes, each with the file's name and line: no header (the error names another program's log and its
/// converter), unknown or missing columns, a time that does not go forward, a number that is none or out of
/// range, a rate (or pace) of zero that no later row ends, a node that is not below `nodes`, a loop shorter
/// than a millisecond, a line that is too long, more than 10 million rows.
TraceResult read_trace(const std::string& file, TraceKind kind, TraceEnd end, NodeId nodes);

}  // namespace tardigrad
