/// When a peer counts as gone because nothing has come from it, and when to let it hear from us.
/// A rule over the times it is told; it knows no clock.
#pragma once

#include <chrono>

namespace tardigrad {

class SilenceRule {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  SilenceRule(std::chrono::milliseconds longest, Moment now)
      : longest_(longest), heard_(now), spoken_(now), ticked_(now) {}

  /// Any bytes count.
  void heard(Moment now) { heard_ = now; }
  void spoken(Moment now) { spoken_ = now; }

  enum class Verdict { fine, beat, gone };
  /// To be asked every `longest / 8` or so. After a gap of half of `longest` it is this process that
  /// has slept (a stopped process, a suspended machine), and the peer gets the time anew.
  Verdict tick(Moment now);

 private:
  std::chrono::milliseconds longest_;
  Moment heard_;
  Moment spoken_;
  Moment ticked_;
};

}  // namespace tardigrad
