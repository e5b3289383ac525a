/// The data sets that a scenario can name.
#pragma once

#include <cstdint>
#include <string>

#include "models/data/data_spec.hpp"
#include "models/data/ratings.hpp"
#include "models/data/samples.hpp"

namespace tardigrad {

/// Each set and path is read once per process; later calls share it. Thread-safe.
DatasetResult load_dataset(const DataSpec& spec);

/// The ratings of movielens, shared in the same way.
RatingsResult load_ratings(const DataSpec& spec);

struct ChecksumResult {
  std::uint32_t checksum = 0;
  std::string error;  ///< the reason why the data cannot be read; empty on success
};

/// A checksum of all inputs, labels and users, or of all ratings, in order, and of their number. 0 for the set
/// "none".
ChecksumResult content_checksum(const DataSpec& spec);

}  // namespace tardigrad
