/// Which ratings a node trains on, and which it is tested on (spec D.3).
#pragma once

#include <cstdint>
#include <string>

#include "models/data/ratings.hpp"
#include "models/split/partition.hpp"

namespace tardigrad {

/// Positions in the ratings, ascending; every rating belongs to one node and one of the two.
struct RatingSplit {
  Shards train;
  Shards test;
};

struct RatingSplitResult {
  RatingSplit split;
  std::string error;  ///< empty if all is well, else one sentence: more nodes than users, or nothing to test on
};

/// Users go to nodes as `nodes_of_users` says. 70 % of each user's ratings, rounded to whole ones, are drawn from the
/// seed for training; the others are for testing.
RatingSplitResult split_ratings(const Ratings& ratings, NodeId nodes, std::uint64_t seed);

}  // namespace tardigrad
