/// Messages that a link loses.
#pragma once

#include <cstdint>

#include "netem/state_archive.hpp"
#include "netem/units.hpp"

namespace tardigrad {

enum class OnLoss { drop, retransmit };

/// Which transmissions are lost and what the sender does about it. Probabilities are in [0, 1]. `burst`
/// is for the two-state model of Gilbert (1960) and Elliott (1963): before each message the link may
/// change between its good and its bad state; it begins in the good one. Unless told otherwise there
/// is no bad state, and losses are independent.
struct LossModel {
  double rate = 0;  ///< probability that a transmission is lost, in the good state
  struct Burst {
    double rate = 0;    ///< the same in the bad state
    double begins = 0;  ///< probability, a message, of going from good to bad
    double ends = 1;    ///< probability, a message, of going from bad to good
  } burst;

  OnLoss on_loss = OnLoss::drop;
  /// retransmit: how long after its last byte the sender takes a transmission for lost.
  Time timeout{};
  /// retransmit: after so many transmissions (at least 1) the sender gives up.
  std::uint32_t most_transmissions = 16;

  /// Whether it loses anything at all.
  bool loses() const { return rate > 0 || (burst.begins > 0 && burst.rate > 0); }
  /// The share of transmissions that are lost in the long run.
  double expected_rate() const;
};

/// What becomes of one message.
struct Passage {
  std::uint32_t transmissions;  ///< how often it goes over the link
  bool arrives;                 ///< with the last of them
};

/// The losses of one ordered pair. The n-th message's passage depends on seed, pair, n and, through the
/// state, the pair's earlier messages only.
class PairLoss {
 public:
  PairLoss(const LossModel& model, std::uint64_t seed, NodeId from, NodeId to);

  /// Of the next message.
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
