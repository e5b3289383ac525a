/// The receive side that DivShare and the push baselines share: of every sender the newest arrival
/// is kept until the next averaging consumes it.
#pragma once

#include <vector>

#include "actors/protocols/protocol.hpp"

namespace tardigrad {

class NewestInbox {
 public:
  /// Newest means latest arrival: a message replaces what its sender sent before.
  void put(const ProtocolMessage& message);
  std::size_t senders() const { return newest_.size(); }

  /// x[p] <- (x[p] + sum over senders of v_s[p]) / (1 + senders) in float32, own value first, then
  /// senders in ascending order; empties the inbox (divshare.md, A.7). Without arrivals `own` itself
  /// is returned. What is not as large as `own` is refused.
  SharedValues average_into(const SharedValues& own, Round round, Actions& actions);

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
