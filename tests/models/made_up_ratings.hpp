/// Ratings for tests, in MovieLens' own layout.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "netem/base/random_stream.hpp"

namespace tardigrad::test {

/// `users` users with 20 ratings each of `films` films (at least 20), which follow from properties of user and
/// film; ids have gaps, the highest user comes first.
inline std::string ratings_csv(std::uint32_t users, std::uint32_t films) {
  std::string text = "userId,movieId,rating,timestamp\n";
  for (std::uint32_t user = users; user-- > 0;) {
    RandomStream draws(1, Purpose::test, user);
    for (const std::uint32_t film : draws.sample(20, films)) {
      const double stars = 0.5 * static_cast<double>(1 + (3 * (user % 3) + film % 4) % 10);
      text += fmt::format("{},{},{:.1f},964982703\n", 2 * user + 1, 10 * film + 7, stars);
    }
  }
  return text;
}

}  // namespace tardigrad::test
