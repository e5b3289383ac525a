/// Reads MovieLens: GroupLens' ratings.csv (userId,movieId,rating,timestamp, with that header) or the u.data of
/// ml-100k (the same, without a header, between tabs).
#pragma once

#include <filesystem>

#include "models/ratings.hpp"

namespace tardigrad {

/// The first that is there: ratings.csv, u.data, ml-latest-small/ratings.csv, ml-100k/u.data, in `folder`.
RatingsResult read_movielens(const std::filesystem::path& folder);

}  // namespace tardigrad
