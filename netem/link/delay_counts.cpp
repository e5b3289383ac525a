#include "netem/link/delay_counts.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace tardigrad {
namespace {

constexpr int kBits = 7;  // of the steps within a power of two
constexpr std::uint64_t kWithin = std::uint64_t{1} << kBits;

/// Delays below `kWithin` are steps themselves; above, a step is the exponent and the leading bits behind the first.
std::uint16_t step_of(Time delay) {
  const auto ticks = static_cast<std::uint64_t>(std::max<std::int64_t>(0, delay.count()));
  if (ticks < kWithin) return static_cast<std::uint16_t>(ticks);
  const int exponent = std::ilogb(static_cast<double>(ticks)) - kBits;
  return static_cast<std::uint16_t>(static_cast<std::uint64_t>(exponent) * kWithin + (ticks >> exponent));
}

Time middle_of(std::uint16_t step) {
  if (step < 2 * kWithin) return Time(step);
  const int exponent = step / static_cast<int>(kWithin) - 1;
  const std::uint64_t lowest = (step % kWithin + kWithin) << exponent;
  return Time(static_cast<std::int64_t>(lowest + (std::uint64_t{1} << exponent) / 2));
}

}  // namespace

void DelayCounts::add(Time delay) { add(step_of(delay), 1); }

void DelayCounts::add(const DelayCounts& other) {
  for (std::size_t i = 0; i < other.steps_.size(); ++i) add(other.steps_[i], other.counts_[i]);
}

void DelayCounts::add(std::uint16_t step, std::uint64_t messages) {
  const auto place = std::lower_bound(steps_.begin(), steps_.end(), step);
  const auto index = place - steps_.begin();
  if (place == steps_.end() || *place != step) {
    steps_.insert(place, step);
    counts_.insert(counts_.begin() + index, 0);
  }
  counts_[static_cast<std::size_t>(index)] += messages;
}

std::uint64_t DelayCounts::messages() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::optional<Time> DelayCounts::quantile(double share) const {
  const std::uint64_t all = messages();
  if (all == 0) return std::nullopt;
  const double wanted = std::ceil(share * static_cast<double>(all));
  std::uint64_t so_far = 0;
  std::size_t i = 0;
  for (; i + 1 < steps_.size(); ++i) {
    so_far += counts_[i];
    if (static_cast<double>(so_far) >= wanted) break;
  }
  return middle_of(steps_[i]);
}

bool DelayCounts::assign(std::vector<std::uint16_t> steps, std::vector<std::uint64_t> counts) {
  const bool ascends = std::adjacent_find(steps.begin(), steps.end(), std::greater_equal<>()) == steps.end();
  const bool is_scale = steps.empty() || steps.back() < kSteps;
  if (!ascends || !is_scale || steps.size() != counts.size()) return false;
  steps_ = std::move(steps);
  counts_ = std::move(counts);
  return true;
}

void DelayCounts::persist(StateArchive& archive) {
  std::vector<std::uint16_t> steps = steps_;
  std::vector<std::uint64_t> counts = counts_;
  archive(steps, counts);
  if (archive.loads() && !assign(std::move(steps), std::move(counts))) archive.fail();
}

}  // namespace tardigrad
