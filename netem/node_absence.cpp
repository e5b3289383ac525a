#include "netem/node_absence.hpp"

namespace tardigrad {

NodeAbsence NodeAbsence::drawn(const OnOff& away, Time until, std::uint64_t seed, NodeId node) {
  return NodeAbsence(on_intervals(away, until, RandomStream(seed, Purpose::absence, node)));
}

}  // namespace tardigrad
