/// Random coordinates that two ends choose alike from one number.
#pragma once

#include <cstdint>
#include <vector>

namespace tardigrad {

/// `k` distinct indices below `count` >= k, ascending, every set of so many as likely as any other (up to
/// 2^-32 a draw). A function of the seed: only it travels.
std::vector<std::uint32_t> random_k(std::uint64_t seed, std::uint64_t k, std::uint32_t count);

}  // namespace tardigrad
