/// "Swift" in the DivShare comparison, not SWIFT as published (which is `swift`): the DivShare node with the
/// whole model as its one fragment and without the flush, so that a slow node's backlog grows and stale models
/// keep being delivered.
#pragma once

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

Algorithm swift_push_algorithm();

}  // namespace tardigrad
