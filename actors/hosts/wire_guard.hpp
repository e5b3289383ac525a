/// Checks whether another part of a run may send a message: nothing in it is trusted.
///
/// The placement, on which the parts have agreed before the run, fixes where each node lives. The content of a
/// message between nodes (its kind, size and encoding, and whether the two nodes exchange messages in that
/// round) is checked by the protocol: `FragmentProtocol::on_message` refuses what does not fit. A message that
/// its sender may not send is left out; nodes that wait for it wait as for a lost one.
#pragma once

#include "actors/placement.hpp"
#include "actors/run/run.hpp"
#include "actors/wire_message.hpp"

namespace tardigrad {

/// An upper bound of the rounds in a run's messages: no node that trains has finished more rounds by the end.
Round last_round(const RunPlan& plan);

class WireGuard {
 public:
  WireGuard(const RunPlan& plan, const Placement& placement, const WireLimits& limits, bool learns);

  /// Empty if `part` may send this message; otherwise its description, for the log.
  std::string objection(const WireMessage& wire_message, PartId part) const;

 private:
  struct Sender;

  /// No round of the node has a higher number. A server's rounds end with what workers' rounds send.
  Round last_round_of(NodeId node) const;

  const Placement& placement_;
  bool fair_;  ///< true if all uplinks live with the recorder
  bool learns_;
  bool has_timeline_;
  WireLimits limits_;
  NodeId workers_;
  Round last_round_;
  Time latest_;  ///< no round ends later
};

}  // namespace tardigrad
