/// Finds the largest values.
#pragma once

#include <cstdint>
#include <vector>

#include "models/values.hpp"

namespace tardigrad {

/// The ascending indices of the `k` <= scores.size() scores of the largest magnitude; among equal ones the
/// lower index goes first. NaN counts as larger than infinity. Takes linear time.
std::vector<std::uint32_t> top_k(const Values& scores, std::uint64_t k);

}  // namespace tardigrad
