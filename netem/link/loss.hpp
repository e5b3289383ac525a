/// The loss of messages on a link.
#pragma once

#include <cstdint>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

enum class OnLoss { drop, retransmit };

/// The law of losses, and the sender's reaction to one. Probabilities are in [0, 1]. `burst` describes the
/// two-state model of Gilbert (1960) and Elliott (1963): before each message the link may change between its
/// good and its bad state; it begins in the good one. By default there is no bad state, and losses are
/// independent.
struct LossModel {
  double rate = 0;  ///< probability that a transmission is lost, in the good state
  struct Burst {
    double rate = 0;    ///< the same in the bad state
    double begins = 0;  ///< probability per message of going from good to bad
    double ends = 1;    ///< probability per message of going from bad to good
  } burst;

  OnLoss on_loss = OnLoss::drop;
  /// retransmit: the time after its last byte at which the sender takes a transmission for lost
  Time timeout{};
  /// retransmit: the number of transmissions (at least 1) after which the sender gives up
  std::uint32_t most_transmissions = 16;

  /// True if the link can lose a message.
  bool loses() const { return rate > 0 || (burst.begins > 0 && burst.rate > 0); }
  /// The share of transmissions that are lost in the long run.
  double expected_rate() const;
};

/// The fate of one message.
struct Passage {
  std::uint32_t transmissions;  ///< number of transmissions over the link
  bool arrives;                 ///< true if the last transmission arrives
};

/// The losses of one ordered pair. The fate of the n-th message depends on seed, pair, n and, through the
/// state, on the pair's earlier messages only.
class PairLoss {
 public:
  PairLoss(const LossModel& model, std::uint64_t seed, NodeId from, NodeId to);

  /// Decides the fate of the next message.
  Passage next();

  void persist(StateArchive& archive) { archive(messages_, bad_); }

 private:
  LossModel model_;
  std::uint64_t seed_;
  std::uint64_t pair_;
  std::uint64_t messages_ = 0;
  bool bad_ = false;
};

}  // namespace tardigrad
