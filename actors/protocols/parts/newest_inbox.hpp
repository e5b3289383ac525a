/// The inbox of DivShare and the push baselines: keeps the newest arrival of every sender until the next
/// averaging consumes it.
#pragma once

#include <vector>

#include "actors/protocols/protocol.hpp"

namespace tardigrad {

class NewestInbox {
 public:
  /// Newest means latest arrival: a message replaces the earlier one of its sender.
  void put(const ProtocolMessage& message);
  std::size_t senders() const { return newest_.size(); }

  /// Returns x[p] <- (x[p] + sum over senders s of f_s v_s[p]) / (1 + sum of f_s) in float32, own value first, then
  /// senders in ascending order; empties the inbox. f_s is `staleness_weight(round, round of s, staleness_power)`: 1 if
  /// the power is 0. Without arrivals it returns `own` itself. Messages whose size differs from that of `own` are
  /// refused.
  SharedValues average_into(const SharedValues& own, Round round, Actions& actions, double staleness_power = 0);

  void persist(StateArchive& archive) { archive(newest_); }

 private:
  struct Arrival {
    NodeId sender = 0;
    Round round = 0;
    SharedValues values;

    void persist(StateArchive& archive) { archive(sender, round, values); }
  };

  std::vector<Arrival> newest_;  ///< by sender; in one piece, as it is rarely in a cache
};

}  // namespace tardigrad
