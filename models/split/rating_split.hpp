/// Splits ratings over the nodes, and into training and test ratings.
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
  std::string error;  ///< one sentence (more nodes than users, or no test ratings); empty on success
};

/// `nodes_of_users` assigns users to nodes. 70 % of each user's ratings, rounded to whole ones, are drawn from
/// the seed for training; the others are for testing.
RatingSplitResult split_ratings(const Ratings& ratings, NodeId nodes, std::uint64_t seed);

}  // namespace tardigrad
