#include "scenarios/src/report/time_bar.hpp"

#include "scenarios/src/report/ranking_texts.hpp"

namespace tardigrad {

TimeBar time_bar(const RankedAlgorithm& s) {
  if (!s.has_reached()) return {{}, false, 0, 0, without_time_text(s)};
  const SeedSpread& time = *s.time_to_target_s;
  if (s.reached_before_s) {
    return {s.reached_before_s, true, *s.reached_before_s, *s.reached_before_s, time_to_target_text(s)};
  }
  return {time.mean, false, time.min, time.max, time_to_target_text(s)};
}

}  // namespace tardigrad
