/// Random coordinates that two ends derive from one number.
#pragma once

#include <cstdint>
#include <vector>

namespace tardigrad {

/// `k` distinct indices below `count` >= k, ascending; all sets of k indices are equally likely (up to 2^-32 a
/// draw). A function of the seed, so that only the seed travels.
std::vector<std::uint32_t> random_k(std::uint64_t seed, std::uint64_t k, std::uint32_t count);

}  // namespace tardigrad
