/// The data sets that a scenario can name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/data_spec.hpp"
#include "models/data/ratings.hpp"
#include "models/data/samples.hpp"
#include "models/task.hpp"
#include "netem/base/kind.hpp"

namespace tardigrad {

struct DatasetKind : NamedKind<DataSpec> {
  Task task = Task::labels;
  /// Of Task::labels only.
  DatasetResult (*read)(const DataSpec& spec) = nullptr;
  std::string usual_root{};  ///< where its files are if the scenario does not say it
  std::string remedy{};      ///< the command that fetches the files, for the message that they are missing
};

/// In the order in which they are listed to the user.
const std::vector<DatasetKind>& dataset_kinds();

/// Of a kind that there is none of: labels, as its reader will complain.
Task task_of(const DataSpec& data);

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
