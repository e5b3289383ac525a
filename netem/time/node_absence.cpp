#include "netem/time/node_absence.hpp"

namespace tardigrad {

NodeAbsence NodeAbsence::drawn(const OnOff& away, Time until, std::uint64_t seed, NodeId node) {
  return NodeAbsence(on_intervals(away, until, RandomStream(seed, Purpose::absence, node)));
}

Time NodeAbsence::next_leaving(Time time) const {
  Time change = next_change(time);
  while (change != kNever && !away_at(change)) change = next_change(change);
  return change;
}

}  // namespace tardigrad
