/// Reads MovieLens in every form that GroupLens has published: ratings.csv (userId,movieId,rating,timestamp,
/// with that header: ml-latest, ml-20m, ml-25m, ml-32m), and the same columns without a header between tabs
/// (u.data: ml-100k) or double colons (ratings.dat: ml-1m, ml-10m).
#pragma once

#include <filesystem>

#include "models/data/ratings.hpp"

namespace tardigrad {

/// `root` is one of these files, the folder that has one, or the folder around that of one set (ml-1m,
/// ml-latest-small). Fails if that folder has several sets, as the user must choose.
RatingsResult read_movielens(const std::filesystem::path& root);

}  // namespace tardigrad
