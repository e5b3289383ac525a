#pragma once

#include <cstdint>

namespace tardigrad {

/// Part of a run: 0 is the coordinator, the others are hosts.
using PartId = std::uint32_t;

}  // namespace tardigrad
