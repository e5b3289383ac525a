/// "Swift" as the DivShare comparison runs it (divshare.md, B.6), not SWIFT as published (that is
/// `swift`): the DivShare node with the whole model as its one fragment and without the flush, so
/// that a slow node's backlog grows and stale models keep being delivered.
#pragma once

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Algorithm swift_push_algorithm();

}  // namespace tardigrad
