/// The data sets a scenario can name.
#pragma once

#include <cstdint>
#include <string>

#include "models/data/data_spec.hpp"
#include "models/data/ratings.hpp"
#include "models/data/samples.hpp"

namespace tardigrad {

/// Each set and place is read once per process, later calls share it. Thread-safe.
DatasetResult load_dataset(const DataSpec& spec);

/// The same for movielens.
RatingsResult load_ratings(const DataSpec& spec);

struct ChecksumResult {
  std::uint32_t checksum = 0;
  std::string error;  ///< empty if all is well, else why the data cannot be read
};

/// Tells one content from another: of all inputs, labels and users, or ratings, in order, and how many there are. 0 of
/// the set "none".
ChecksumResult content_checksum(const DataSpec& spec);

}  // namespace tardigrad
