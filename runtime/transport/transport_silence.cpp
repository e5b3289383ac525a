#include "runtime/transport/transport_silence.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

namespace {
/// The peer may allow a shorter silence than this process does.
constexpr std::chrono::milliseconds kMostBetweenBeats{250};
}  // namespace

SilenceRule::Verdict SilenceRule::tick(Moment now) {
  const auto gap = now - std::exchange(ticked_, now);
  if (gap > longest_ / 2) heard_ = now;
  if (now - heard_ > longest_) return Verdict::gone;
  return now - spoken_ >= std::min(longest_ / 4, kMostBetweenBeats) ? Verdict::beat : Verdict::fine;
}

}  // namespace tardigrad
