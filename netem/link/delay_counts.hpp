/// How long messages took on their way, counted on a fixed scale: sums do not depend on their order, so that a run's
/// quantiles are the same for any number of threads and hosts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Each power of two of picoseconds has 128 steps of equal width: a quantile is known to 0.4 %. Holds only the steps
/// that occur.
class DelayCounts {
 public:
  /// A number above that of every step.
  static constexpr std::uint16_t kSteps = 58 * 128;

  /// A delay below zero, as the clocks of two hosts can make it, counts as none.
  void add(Time delay);
  void add(const DelayCounts& other);

  std::uint64_t messages() const;
  /// The delay that this share of the messages did not exceed, more than 0 and at most 1: the middle of its step. None
  /// without messages.
  std::optional<Time> quantile(double share) const;

  /// The steps that occur, ascending, and the messages in each.
  const std::vector<std::uint16_t>& steps() const { return steps_; }
  const std::vector<std::uint64_t>& counts() const { return counts_; }
  /// Takes what another process has counted; false, and nothing changes, if these are no counts.
  bool assign(std::vector<std::uint16_t> steps, std::vector<std::uint64_t> counts);
  void persist(StateArchive& archive);

 private:
  void add(std::uint16_t step, std::uint64_t messages);

  std::vector<std::uint16_t> steps_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace tardigrad
