#include "actors/hosts/report_book.hpp"

#include <variant>

namespace tardigrad {

ReportBook::ReportBook(const Placement& placement, FragmentId fragments)
    : placement_(placement), fragments_(fragments), nodes_(placement.part_of.size()) {}

bool ReportBook::enter(PartId from, const WireMessage& wire_message) {
  return std::visit(
      [&](const auto& message) {
        using Message = std::decay_t<decltype(message)>;
        if constexpr (std::is_same_v<Message, LinkRow>) {
          const NodeId reporter = message.kind == LinkRow::Kind::downlink ? message.to : message.from;
          if (placement_.home(reporter) != from) return false;
          return links_.emplace(message.kind, message.from, message.to).second;
        } else if constexpr (std::is_same_v<Message, RoundEnded>) {
          // The uplink of that node makes this report, and lives here under fair sharing.
          return placement_.home(wire_message.node) == from && message.round != kUnfinishedRound &&
                 enter_round(nodes_[wire_message.node], 1, message.round);
        } else if constexpr (std::is_same_v<Message, RoundRow> || std::is_same_v<Message, AccessRow> ||
                             std::is_same_v<Message, WaitRow>) {
          return placement_.home(message.node) == from && admit(nodes_[message.node], message);
        } else {
          return true;
        }
      },
      wire_message.message);
}

bool ReportBook::enter_round(NodeReports& node, std::size_t reporter, Round round) {
  if (node.ended[reporter]) return false;
  if (round == kUnfinishedRound) return node.ended[reporter] = true;
  if (round != node.next[reporter]) return false;
  ++node.next[reporter];
  return true;
}

bool ReportBook::admit(NodeReports& node, const WaitRow&) const {
  if (node.waits == fragments_) return false;
  ++node.waits;
  return true;
}

}  // namespace tardigrad
