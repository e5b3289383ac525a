#include "models/codecs/random_k.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

namespace tardigrad {

TEST_CASE("exactly k indices, ascending and in range") {
  for (const std::uint32_t count : {1U, 2U, 7U, 1000U}) {
    for (std::uint64_t k = 0; k <= count; k += 1 + k / 10) {
      const auto chosen = random_k(k * 7919, k, count);
      REQUIRE(chosen.size() == k);
      for (std::size_t i = 1; i < chosen.size(); ++i) REQUIRE(chosen[i - 1] < chosen[i]);
      if (k > 0) REQUIRE(chosen.back() < count);
    }
  }
  CHECK(random_k(1, 0, 0).empty());
}

TEST_CASE("one seed names one choice, on every machine") {
  CHECK(random_k(42, 300, 1000) == random_k(42, 300, 1000));
  CHECK(random_k(42, 300, 1000) != random_k(43, 300, 1000));
  CHECK(random_k(42, 300, 1000) != random_k(42 + (std::uint64_t{1} << 32), 300, 1000));
  CHECK(random_k(1, 4, 20) == std::vector<std::uint32_t>{8, 13, 14, 15});
}

TEST_CASE("every choice of two out of five is as likely") {
  constexpr int kSeeds = 100000;
  std::map<std::vector<std::uint32_t>, int> times;
  for (int seed = 0; seed < kSeeds; ++seed) ++times[random_k(static_cast<std::uint64_t>(seed), 2, 5)];
  REQUIRE(times.size() == 10);
  double chi_squared = 0;
  for (const auto& [choice, count] : times) chi_squared += std::pow(count - kSeeds / 10.0, 2) / (kSeeds / 10.0);
  CHECK(chi_squared < 33.7);  // 9 degrees of freedom: one of 10,000 fair choosers would be above
}

}  // namespace tardigrad
