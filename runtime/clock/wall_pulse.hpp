/// Limits how often a fast loop reads the wall clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace tardigrad {

class WallPulse {
 public:
  explicit WallPulse(std::chrono::milliseconds interval) : interval_(interval), next_(Clock::now() + interval) {}

  /// True once an interval, in a loop that calls it often.
  bool is_due() {
    if (++asked_ % kAskedPerLook != 0) return false;
    const Clock::time_point now = Clock::now();
    if (now < next_) return false;
    next_ = now + interval_;
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  /// Reading the clock costs as much as part of an event.
  static constexpr std::uint64_t kAskedPerLook = 16;

  std::chrono::milliseconds interval_;
  Clock::time_point next_;
  std::uint64_t asked_ = 0;
};

}  // namespace tardigrad
