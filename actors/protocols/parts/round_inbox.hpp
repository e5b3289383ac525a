/// Messages of a synchronous algorithm, by sender and round, until their round is mixed.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "actors/protocols/protocol.hpp"

namespace tardigrad {

/// Messages of a pair of nodes arrive in the order in which they were sent, so that a message of a later round
/// shows that missing messages of earlier rounds will not arrive.
class RoundInbox {
 public:
  /// A message of a round before `current` is late and is ignored: that round has been mixed without it.
  void put(const ProtocolMessage& message, Round current);
  /// True once no further message of `round` can come from `sender`: it has arrived or is lost.
  bool is_settled(NodeId sender, Round round) const;
  /// Removes and returns the message of `sender` for `round`, if it has arrived.
  std::optional<ProtocolMessage> take(NodeId sender, Round round);
  /// The first round after `round` of which a message has arrived or may still arrive from one of `senders`.
  Round next_open(const std::vector<NodeId>& senders, Round round) const;

  void persist(StateArchive& archive) { archive(kept_); }

 private:
  std::map<NodeId, std::map<Round, ProtocolMessage>> kept_;
};

}  // namespace tardigrad
