#include "models/codecs/random_k.hpp"

#include <array>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

// Selection sampling (Fan, Muller, Rezucha 1962; Knuth's algorithm S): an index is taken with the probability
// (still wanted) / (still to come), so that there are exactly `k` indices, in order.
std::vector<std::uint32_t> random_k(std::uint64_t seed, std::uint64_t k, std::uint32_t count) {
  const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  // the last element receives the writes that do not count
  std::vector<std::uint32_t> chosen(static_cast<std::size_t>(k) + 1);
  std::uint64_t taken = 0;
  for (std::uint32_t block = 0; taken < k; ++block) {
    const auto words = philox4x32({block, 0, 0, 0}, key);
    for (std::uint32_t lane = 0; lane < 4 && taken < k; ++lane) {
      const std::uint32_t index = 4 * block + lane;
      chosen[static_cast<std::size_t>(taken)] = index;
      taken += (std::uint64_t{words[lane]} * (count - index) >> 32) < k - taken;
    }
  }
  chosen.pop_back();
  return chosen;
}

}  // namespace tardigrad
