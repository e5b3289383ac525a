/// Decides when a silent peer counts as gone, and when to send it a heartbeat. A rule over the times that it is
/// told; it has no clock.
#pragma once

#include <chrono>

namespace tardigrad {

class SilenceRule {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  SilenceRule(std::chrono::milliseconds longest, Moment now)
      : longest_(longest), heard_(now), spoken_(now), ticked_(now) {}

  /// To be called for any received bytes.
  void heard(Moment now) { heard_ = now; }
  void spoken(Moment now) { spoken_ = now; }

  enum class Verdict { fine, beat, gone };
  /// To be called every `longest / 8` or so. A gap of half of `longest` means that this process itself slept (a
  /// stopped process, a suspended machine), and the peer gets its full time again.
  Verdict tick(Moment now);

 private:
  std::chrono::milliseconds longest_;
  Moment heard_;
  Moment spoken_;
  Moment ticked_;
};

}  // namespace tardigrad
