/// Which values are the largest.
#pragma once

#include <cstdint>
#include <vector>

#include "models/values.hpp"

namespace tardigrad {

/// The indices, ascending, of the `k` <= scores.size() scores of the largest magnitude; among equal ones the
/// lower index goes first. What is not a number counts as larger than infinity. Takes linear time.
std::vector<std::uint32_t> top_k(const Values& scores, std::uint64_t k);

}  // namespace tardigrad
