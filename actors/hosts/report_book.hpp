/// The order in which the hosts of a run may report to its recorder: kept by the coordinator, which trusts none
/// of them.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include "actors/placement.hpp"
#include "actors/wire_message.hpp"

namespace tardigrad {

/// A host reports on its own nodes only. A node, its uplink and its downlink each report one round after the
/// other, from 0, and at last the one that the end interrupts; a link reports once. The recorder itself knows
/// which evaluations it has requested.
class ReportBook {
 public:
  ReportBook(const Placement& placement, FragmentId fragments);

  /// Enters a message to the recorder; ignores others. False if it cannot belong to this run: nothing is
  /// entered then.
  bool enter(PartId from, const WireMessage& wire_message);

 private:
  struct NodeReports {
    std::array<Round, 3> next{};  ///< next round of the node, its uplink, its downlink
    std::array<bool, 3> ended{};
    FragmentId waits = 0;
  };

  static bool enter_round(NodeReports& node, std::size_t reporter, Round round);
  static bool admit(NodeReports& node, const RoundRow& row) { return enter_round(node, 0, row.round); }
  static bool admit(NodeReports& node, const AccessRow& row) {
    return enter_round(node, row.uplink ? 1 : 2, row.round);
  }
  bool admit(NodeReports& node, const WaitRow& row) const;

  const Placement& placement_;
  FragmentId fragments_;
  std::vector<NodeReports> nodes_;
  std::set<std::tuple<LinkRow::Kind, NodeId, NodeId>> links_;
};

}  // namespace tardigrad
