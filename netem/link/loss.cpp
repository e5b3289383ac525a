#include "netem/link/loss.hpp"

#include "netem/base/random_stream.hpp"
#include "netem/link/latency.hpp"

namespace tardigrad {

double LossModel::expected_rate() const {
  if (burst.begins <= 0) return rate;
  const double bad = burst.begins / (burst.begins + burst.ends);  // share of messages sent in the bad state
  return (1 - bad) * rate + bad * burst.rate;
}

PairLoss::PairLoss(const LossModel& model, std::uint64_t seed, NodeId from, NodeId to)
    : model_(model), seed_(seed), pair_(pair_entity(from, to)) {}

Passage PairLoss::next() {
  if (!model_.loses()) return {1, true};
  RandomStream stream(seed_, Purpose::loss, pair_, messages_++);
  if (stream.uniform() < (bad_ ? model_.burst.ends : model_.burst.begins)) bad_ = !bad_;
  const double rate = bad_ ? model_.burst.rate : model_.rate;
  const std::uint32_t most = model_.on_loss == OnLoss::retransmit ? model_.most_transmissions : 1;
  for (std::uint32_t transmission = 1;; ++transmission) {
    if (stream.uniform() >= rate) return {transmission, true};
    if (transmission >= most) return {transmission, false};
  }
}

}  // namespace tardigrad
