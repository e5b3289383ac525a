/// Messages of a synchronous algorithm, by sender and round, until their round is mixed.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "actors/protocols/protocol.hpp"

namespace tardigrad {

/// Messages of a pair of nodes come in the order in which they were sent, so one of a later round says that
/// those of earlier rounds that are not there will not come any more.
class RoundInbox {
 public:
  /// One of a round before `current` is late: that round has been mixed without it, and it is left out.
  void put(const ProtocolMessage& message, Round current);
  /// Whether nothing of `round` can come from `sender` any more: it is there, or lost.
  bool is_settled(NodeId sender, Round round) const;
  /// Takes out what has come from `sender` for `round`, if anything has.
  std::optional<ProtocolMessage> take(NodeId sender, Round round);
  /// The first round after `round` for which something is there or may still come from one of `senders`.
  Round next_open(const std::vector<NodeId>& senders, Round round) const;

  void persist(StateArchive& archive) { archive(kept_); }

 private:
  std::map<NodeId, std::map<Round, ProtocolMessage>> kept_;
};

}  // namespace tardigrad
