#include "runtime/transport_silence.hpp"

#include <utility>

namespace tardigrad {

SilenceRule::Verdict SilenceRule::tick(Moment now) {
  const auto gap = now - std::exchange(ticked_, now);
  if (gap > longest_ / 2) heard_ = now;
  if (now - heard_ > longest_) return Verdict::gone;
  return now - spoken_ >= longest_ / 4 ? Verdict::beat : Verdict::fine;
}

}  // namespace tardigrad
