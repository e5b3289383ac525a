/// Counts of models in averaging: what a protocol notes, a round sums up and the result files show.
#pragma once

#include <algorithm>
#include <cstdint>

#include "netem/base/units.hpp"

namespace tardigrad {

struct MixingCount {
  std::uint64_t mixed = 0;          ///< received models that took part
  std::uint64_t staleness_sum = 0;  ///< rounds that they were behind the receiver, over `mixed`
  Round staleness_max = 0;          ///< rounds that the oldest of them was behind
  std::uint64_t missed = 0;         ///< models that should have taken part and did not arrive

  /// Counts a model of round `other` that took part at a receiver in round `own`; one ahead is 0 rounds behind.
  void add(Round own, Round other) {
    const Round behind = own > other ? own - other : 0;
    ++mixed;
    staleness_sum += behind;
    staleness_max = std::max(staleness_max, behind);
  }

  bool is_zero() const { return mixed == 0 && missed == 0; }
  /// Rounds; of no models 0.
  double mean_staleness() const {
    return mixed == 0 ? 0 : static_cast<double>(staleness_sum) / static_cast<double>(mixed);
  }
  MixingCount& operator+=(const MixingCount& other) {
    mixed += other.mixed;
    staleness_sum += other.staleness_sum;
    staleness_max = std::max(staleness_max, other.staleness_max);
    missed += other.missed;
    return *this;
  }
};

template <class Archive>
void describe(Archive& with, MixingCount& count) {
  with(count.mixed, count.staleness_sum, count.staleness_max, count.missed);
}

}  // namespace tardigrad
