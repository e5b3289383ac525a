#include "actors/moments_between.hpp"

#include <algorithm>

namespace tardigrad {

namespace {

/// The duration of `parts` parts of the time, at most `kNever`.
Time parts_of(Time whole, int parts) {
  return whole / kPartsBetween * parts + whole % kPartsBetween * parts / kPartsBetween;
}

}  // namespace

std::vector<Time> moments_between(const std::vector<Time>& evaluations) {
  std::vector<Time> moments;
  for (std::size_t place = 1; place < evaluations.size(); ++place) {
    const Time begin = evaluations[place - 1];
    const Time length = evaluations[place] - begin;
    for (int part = 1; part < kPartsBetween; ++part) {
      const Time moment = begin + parts_of(length, part);
      if (moment > (moments.empty() ? begin : std::max(begin, moments.back()))) moments.push_back(moment);
    }
  }
  return moments;
}

Time asking_time(const std::vector<Time>& evaluations, std::size_t place) {
  if (place + 1 >= evaluations.size()) return evaluations[place];
  return evaluations[place] + std::max(Time{1}, parts_of(evaluations[place + 1] - evaluations[place], 1));
}

Time least_asking_delay(const std::vector<Time>& evaluations) {
  Time least = kNever;
  for (std::size_t place = 0; place + 1 < evaluations.size(); ++place) {
    least = std::min(least, asking_time(evaluations, place) - evaluations[place]);
  }
  return least;
}

}  // namespace tardigrad
