/// Users' ratings of films.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tardigrad {

struct Rating {
  std::uint32_t user = 0;
  std::uint32_t film = 0;
  float stars = 0;  ///< 0.5, 1, ... 5
};

/// Users and films are numbered from 0 in ascending order of their ids in the data set; each has a rating.
/// Sorted by user, then film; no pair comes twice.
struct Ratings {
  std::uint32_t users = 0;
  std::uint32_t films = 0;
  std::vector<Rating> all;
};

struct RatingsResult {
  std::shared_ptr<const Ratings> ratings;
  std::string error;        ///< one clear sentence that names the file; empty on success
  bool is_missing = false;  ///< for an error: true if the file does not exist
};

}  // namespace tardigrad
